"""What the forms of a word have in common, in Spanish and English, and which words say nothing about a matter."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.plaintext import wordset

# Words that say nothing about what a comment is about.
_EMPTY = wordset("""
    a al algo alguien algun alguna algunas alguno algunos ahi ahora alla alli ante antes aquel aquella aqui asi aun
    aunque bien buen buena buenas bueno buenos cada casi como con contra cosa cosas cual cuales cuando cuanto cuanta
    cuantos cuantas de deber debe del desde despues dia dias donde dos e el ella ellas ellos en entre era eran es
    esa esas ese eso esos esta estaba estais estan estar estas este esto estos estoy fue fueron gracias ha habeis
    haber habia hace hacer haceis hacen han hasta hay he hemos hola hoy ir jamas la las le les lo los luego mas me
    mi mis mismo mucha muchas mucho muchos muy nada nadie ni ningun no nos nosotros nuestra nuestro nunca o os otra
    otro para pero poco poder podeis podria por porfavor porque pues puede pueden puedo que quien quiero quisiera
    saber se ser sera si sido siempre sin sobre sois solo son soy su sus tal tambien tan tanto te teneis tener tengo
    ti tiene tienen todavia todo todos tu tus tuve un una unas uno unos usted ustedes va vais vamos van vez veces
    vosotros voy vuestra vuestro vuestros y ya yo
    about after again all also am an and any anyone anything are as at be because been before being but by can
    cannot could day days did do does don done down each either else even ever every for from get gets getting give
    go goes going good got great had has have having hello her here hey hi him his how i if in into is it its just
    know let like ll make many may maybe me more most much my need never new no nor not now of off ok on once one
    only or other our out over please really said same say see she should so some something still such than thank
    thanks that the their them then there these they thing things this those though time to today too two up us use
    ve very want was way we well were what when where which while who why will with would yes yet you your
""")
# Words that say when, in which order or whose, which many comments share though they are about different matters.
_BESIDE = wordset("""
    ayer anoche manana tarde tardes noche hora horas minuto minutos semana semanas mes meses ano anos primer primera
    primero segunda ultimo ultima lunes martes miercoles jueves viernes sabado domingo mio mia mios mias tuyo tuya
    suyo suya vuestras num numero
    ago since yesterday tomorrow tonight morning afternoon evening night hour hours minute minutes week weeks month
    months year years first second last monday tuesday wednesday thursday friday saturday sunday mine yours ours hers
    theirs number anybody everybody everyone nobody somebody someone asked given told tried
    decir dicho dieron dijeron intente preguntado pregunte ref
""")
# Verbs that only carry what stands beside them, in the forms that people write: "you made my day". Those that are
# things, too, are not among them: "vino", "show", "para llevar".
_LIGHT = wordset("""
    hago haces hacemos hacia hacian hice hiciste hizo hicimos hicieron hara haran haria hariais haga hagan hagais hecho
    hecha hechos hechas haciendo hacerlo hacerme hacedlo
    doy das da damos dais dan daba daban di dio dimos dieron dara daran de den dad dado dada dados dadas dando dar darme
    darle dejo dejas deja dejais dejan dejaba deje dejaste dejaron dejad dejado dejada dejando dejar dejarme
    llevo llevas lleva llevamos llevais llevan llevaba lleve llevado llevando
    pongo pones pone ponemos poneis ponen puse puso pusieron poner ponerme puesto puesta poniendo
    vengo vienes viene venimos venis vienen vine vinieron venir venido viniendo
    veo ves ve vemos veis ven veia vi viste vio vimos vieron ver verlo visto viendo
    sigo sigues sigue seguimos seguis siguen seguia segui siguio seguir seguido siguiendo
    quedo quedas queda quedamos quedan quedaba quede quedado quedar quedarme
    paso pasa pasan pasaba pasado pasando pasar parece parecen parecio parecia parecido parecer
    ido iba iban iremos iran yendo fui fuiste fuimos creo cree creen creia pienso piensa piensan pensaba pense
    sabe saben sabeis sabemos sabia supe quieres quiere quieren quereis queria querido querer vuelvo vuelve vuelven
    volvi volvio volver suelo suele suelen hubo habra habria tenia tenian tuvo tuvimos tuvieron tendra tendria
    makes made making take takes took taken taking give gives gave given giving come comes came coming gone went
    put puts putting keep keeps kept keeping see sees saw seen seeing look looks looked looking seem seems seemed
    find finds found finding feel feels felt feeling think thinks thought thinking believe believes believed
    know knows knew known knowing wants wanted wanting needs needed needing uses used using tries trying
    asks ask asking tells tell telling says saying gone lets letting becomes became happen happens happened happening
    means mean meant leave leaves left leaving turns turned turning
    am isn aren wasn weren doesn didn hasn haven hadn won wouldn couldn shouldn shall must might
""")
_SILENT = _EMPTY | _BESIDE | _LIGHT
_ENDINGS = (
    *("ieron", "iendo", "aron", "ando", "amo", "emo", "imo", "ado", "ada", "ido", "ida", "ing"),
    *("ai", "ei", "ar", "er", "ir", "an", "en", "ed"),
    *("a", "e", "i", "o", "y"),
)
_LEFT = {1: 3, 2: 3}


def stems(folded: Iterable[str]) -> frozenset[str]:
    """What folded words have in common with their other forms; words that say nothing are left out."""
    return frozenset(_stem(word) for word in set(folded) - _EMPTY if word[0].isalnum())


def stem(folded: str) -> str:
    """What a folded word has in common with its other forms; nothing for one that says nothing, or is no word."""
    says = folded[0].isalpha() and folded not in _SILENT
    return _stem(folded) if says else ""


def _stem(word: str) -> str:
    """A word without its ending, Spanish or English: equal for the forms that people write of one word, mostly."""
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 5:
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEFT.get(len(ending), 4):
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
    # What Spanish verbs do under stress: cierran, cerrar; vuelve, volver.
    return word.replace("ie", "e").replace("ue", "o")
