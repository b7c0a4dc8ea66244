"""Does a reply threaten to delete, hide or block a comment or its author? Spanish and English.

Not a word list: a verb of deletion counts only when *we* are the ones who do it (or nobody is named), when it is not
denied, and when what it acts on is a comment or a person. So "we never delete comments" and "we deleted your
duplicate charge" pass, while "no dudaremos en borrarlo" does not.
"""

from __future__ import annotations

import re

from bot.core.plaintext import wordset

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[.!?;:\n\u2026]+|,")
_MOST_TOKENS = 4000


def _forms(stems: str, endings: str) -> frozenset[str]:
    return frozenset(stem + ending for stem in stems.split() for ending in endings.split())


# Endings of regular -ar verbs; each form may carry pronouns: "borrarlo".
_AR_STEMS = "borr elimin quit ocult bloque bane vet expuls silenci retir censur suspend"
_ENCLITICS = "te lo la los las os le les telo tela selo sela oslo osla"
_BAN_STEMS = ("bloque", "bane", "vet", "expuls", "silenci", "block", "ban", "mut", "kick", "suspend", "report")

_ES_WE = _forms(_AR_STEMS, "o amos are aremos aria ariamos") | _forms(
    "suprim escond suspend", "o imos emos ire iremos ere eremos iria iriamos eria eriamos"
)
_ES_INFINITIVE = frozenset(
    verb + tail
    for verb in [stem + "ar" for stem in _AR_STEMS.split()] + ["suprimir", "esconder", "suspender"]
    for tail in ("", *_ENCLITICS.split())
)
_ES_GERUND = frozenset(
    verb + tail
    for verb in [stem + "ando" for stem in _AR_STEMS.split()] + ["suprimiendo", "escondiendo", "suspendiendo"]
    for tail in ("", *_ENCLITICS.split())
)
_ES_PARTICIPLE = _forms(_AR_STEMS, "ado ada ados adas") | _forms("suprim escond suspend", "ido ida idos idas")
_ES_IMPERSONAL = _forms(_AR_STEMS, "ara aran a an") | _forms("suprim", "ira iran e en")
_ES_SUBJUNCTIVE = _forms("borr elimin quit ocult bloque bane vet expuls silenci retir", "emos") | {"bloqueemos"}

_EN_BASE = wordset("delete remove erase hide block ban mute kick suspend restrict silence censor unpublish")
_EN_ING = wordset(
    """
    deleting removing erasing hiding blocking banning muting kicking suspending restricting silencing
    """
)
_DOWN = frozenset({"down"})
_EN_DONE = wordset(
    """
    deleted removed erased hidden hid blocked banned muted kicked suspended restricted silenced censored barred expelled
    """
)

_COMMENT_NOUNS = wordset(
    """
    comentario comentarios comment comments post posts publicacion publicaciones mensaje mensajes message messages
    resena resenas review reviews opinion opiniones tuit tuits tweet tweets hilo thread respuesta respuestas replies
    critica criticas usuario usuarios user users trol troles troll trolls gente people seguidores followers cualquiera
    anyone quien quienes
    """
)
_ACCOUNT_NOUNS = wordset("cuenta cuentas perfil perfiles account accounts profile profiles")
_OTHER_NOUNS = wordset(
    """
    cargo cargos cobro cobros pago pagos recibo factura facturas error errores fallo fallos pedido pedidos producto
    productos ingrediente ingredientes plato platos gasto gastos comision comisiones suscripcion dato datos direccion
    correo correos telefono tarjeta duplicado duplicados duplicada cuota penalizacion obstaculo barrera barreras
    anuncio anuncios publicidad olor mancha manchas lista boletin newsletter permanencia limite restriccion cookies
    virus articulo articulos envoltorio plastico plasticos azucar reserva pelicula asiento filtro polvo cita citas
    charge charges fee fees order orders payment payments item items card cards bug bugs error errors email emails
    address phone subscription data details duplicate duplicates ingredient ingredients product products listing
    listings ad ads barrier barriers stain stains cookie cookies list booking bookings seat seats plastic sugar acceso
    puerta carretera pantalla access road screen line peso packaging cost costs price prices number numbers limit
    penalty invoice invoices file files app
    """
)
_THREAT_MARKS = wordset("si o sino unless otherwise or if")
_ES_NEGATORS = wordset("no nunca jamas ni tampoco sin nadie nada lejos")
_EN_NEGATORS = wordset("not never no nor without nobody won't cannot nothing")
# "No dudaremos en…", "no descartamos…": the negation is part of the threat.
_FALSE_NEGATION = re.compile(
    r"dud[aeo]\w*|remedio|otra|opcion|alternativa|descart\w*|reparos?|pulso|temblara|hesitate|choice|option|alternative|"
    r"problem|qualms|only|solo"
)
_ES_TRIGGERS = wordset(
    """
    vamos voy ire iremos tendremos tenemos tendre tengo debemos deberemos podemos podremos podriamos puedo podria
    procederemos procedemos procedera obligados obligado obligues obligueis obliguen pensamos derecho toca habra hay
    queremos hagas hagais haga hagan decidido dudaremos dudaria pasamos pasaremos empezaremos solemos acabamos llevara
    """
)
_ES_GERUND_TRIGGERS = wordset("estamos acabaremos acabare terminaremos seguiremos vamos estaremos acabamos")
_ES_PASSIVE = wordset(
    """
    sera seran seras sereis serias quedas quedaras quedareis queda quedan quedara quedaran resultara estas estaras
    acabara acabaras acabaran acaban acaba acabais veras
    """
)
_ES_PERFECT = wordset("hemos he habremos")
_EN_SUBJECTS = wordset("we i we'll i'll we're i'm we've i've we'd i'd us team admins moderators mods staff gonna")
_EN_OTHERS = wordset("you they he she facebook instagram google")
_COMMA = frozenset({","})
_EN_PASSIVE = wordset("be being get gets getting are you're is yourself been")
# "El bloqueo", "un veto", "oculto": first person only behind a pronoun.
_NOUN_LIKE = wordset("bloqueo veto retiro quito oculto")
_CLITICS = wordset("te os le les lo la los las yo")
_ARTICLES = wordset("el la los las un una unos unas nuestro nuestra nuestros nuestras the an our")
_PERSONS = wordset("te os you you'll you're yourself seras quedas quedaras estas vas vais usted ustedes")
_ENCLITIC_PERSONS = ("rte", "rle", "rles", "ndote", "ndole", "ros", "ndoos", "rtelo")
_GAP = wordset("o u y ni e tampoco and or nor , no not never nunca any a el los tu su the your de of their sus")
_PURPOSE = re.compile(
    r"por seguridad|proteger|pediste|pedido|pidio|solicitad\w*|solicitaste|solicito|fraude|security|protect|requested|"
    r"asked|request|fraud"
)

# All verbs that `_agent` knows: no other token needs a look.
_VERBS = frozenset().union(
    *(_ES_WE, _ES_SUBJUNCTIVE, _ES_INFINITIVE, _ES_GERUND, _ES_PARTICIPLE, _ES_IMPERSONAL),
    *(_DOWN, _EN_BASE, _EN_ING, _EN_DONE),
)

# "Borra eso o lo haremos nosotros", "your comment will disappear": the threat without a verb of ours.
_ELLIPSIS = re.compile(
    r"(?<!\w)(?:borr|elimin|quit|retir|delete|remove|hide|take)\w*[^.!?]{0,60}[ ,](?:o si no|o|or else|or)[ ,]{1,2}"
    r"(?:lo (?:haremos|hare|hacemos|hago)|nosotros|tomaremos medidas|we will|we'll|i will|i'll)"
    r"(?!\w)"
    r"|(?<!\w)(?:comentario|mensaje|resena|publicacion|comment|post|review)(?:e?s)? "
    r"(?:va a |van a |will |is going to )?(?:desaparecera?n?|disappear|vanish)(?!\w)"
)
# The pattern finds nothing in a text without any of these.
_ELLIPSIS_STEMS = (
    *("borr", "elimin", "quit", "retir", "delete", "remove", "hide", "take"),
    *("desaparece", "disappear", "vanish"),
)


def deletion_threat(folded: str) -> str:
    """The words of a folded text that threaten deletion, hiding or blocking; empty when there is no such threat."""
    tokens = _TOKEN.findall(folded)[:_MOST_TOKENS]
    if not _VERBS.isdisjoint(tokens) and (threat := _by_verb(tokens, folded)):
        return threat
    ellipsis = _ELLIPSIS.search(folded) if any(map(folded.__contains__, _ELLIPSIS_STEMS)) else None
    return ellipsis[0] if ellipsis else ""


def _by_verb(tokens: list[str], folded: str) -> str:
    """The words around the verb that threatens; empty when none does."""
    denied_until = -1
    for place, token in enumerate(tokens):
        if token not in _VERBS:
            continue
        agent = _agent(tokens, place, token)
        if agent is None:
            continue
        if _denied(tokens, agent, place) or _denial_carries_on(tokens, denied_until, place):
            denied_until = place
        elif _acts_on_comment(tokens, place, token, folded):
            return " ".join(tokens[max(0, agent) : place + 4])
    return ""


def _agent(tokens: list[str], place: int, token: str) -> int | None:
    """Where the words begin that make us the ones who delete; None when `token` is no such verb."""
    if token in _NOUN_LIKE and tokens[max(0, place - 1)] not in _CLITICS:
        return None
    if token in _ES_WE or (token in _ES_SUBJUNCTIVE and "antes" in tokens[max(0, place - 4) : place]):
        return place
    if token in _ES_INFINITIVE:
        return _before(tokens, place, _ES_TRIGGERS, 6)
    if token in _ES_GERUND:
        return _before(tokens, place, _ES_GERUND_TRIGGERS, 3)
    if token in _ES_PARTICIPLE:
        passive = _before(tokens, place, _ES_PASSIVE | _ES_PERFECT, 3)
        return passive if passive is not None else _going_to_be(tokens, place)
    if token in _ES_IMPERSONAL:
        return place - 1 if tokens[place - 1 : place] == ["se"] else None
    return _english_agent(tokens, place, token)


def _english_agent(tokens: list[str], place: int, token: str) -> int | None:
    if token in _DOWN:
        verb = _before(tokens, place, frozenset({"take", "taking", "taken"}), 4)
        return None if verb is None else _before(tokens, verb, _EN_SUBJECTS, 6)
    if token in _EN_BASE:
        return _we_before(tokens, place, 7)
    if token in _EN_ING:
        return _we_before(tokens, place, 6)
    if token in _EN_DONE:
        ours = _we_before(tokens, place, 4)
        return ours if ours is not None else _en_passive(tokens, place)
    return None


def _we_before(tokens: list[str], place: int, reach: int) -> int | None:
    """An English first-person subject in the same clause, with nobody else between it and the verb."""
    for back in range(place - 1, max(-1, place - 1 - reach), -1):
        if tokens[back] in _EN_SUBJECTS:
            return back
        if tokens[back] in _COMMA:
            return _we_before_comma(tokens, back)
        if tokens[back] in _EN_OTHERS or not tokens[back][0].isalnum():
            return None
    return None


def _we_before_comma(tokens: list[str], comma: int) -> int | None:
    """The subject of an enumeration: "we hide, mute or delete"."""
    if comma and tokens[comma - 1] in _EN_BASE | _EN_ING | _EN_DONE:
        return _we_before(tokens, comma, 6)
    return None


def _en_passive(tokens: list[str], place: int) -> int | None:
    """The passive: "will be deleted", "you are blocked"; "was deleted by X" is a report and no threat."""
    aux = _before(tokens, place, _EN_PASSIVE, 3)
    if aux is None or "by" in tokens[place + 1 : place + 2]:
        return None
    before = tokens[max(0, aux - 4) : aux + 1]
    future = {"will", "you'll", "it'll", "may", "might", "can", "could", "going", "must", "or", "you", "you're", "is"}
    return aux if future & set(before) or "yourself" in before or tokens[aux] in {"get", "gets"} else None


def _going_to_be(tokens: list[str], place: int) -> int | None:
    """The passive with "ser": "va a ser eliminado", "puede ser borrado"."""
    if place >= 2 and tokens[place - 1] == "ser":
        return _before(tokens, place - 1, wordset("va van vas vais puede pueden podra podran podria podrian"), 3)
    return None


def _before(tokens: list[str], place: int, wanted: frozenset[str], reach: int) -> int | None:
    """The nearest of the wanted words before `place`, within the clause."""
    for back in range(place - 1, max(-1, place - 1 - reach), -1):
        if tokens[back] in wanted:
            return back
        if not tokens[back][0].isalnum():
            return None
    return None


def _denied(tokens: list[str], agent: int, place: int) -> bool:
    """Whether the verb at `place`, whose agent stands at `agent`, is negated."""
    between = tokens[agent:place]
    if any(_FALSE_NEGATION.fullmatch(token) for token in tokens[max(0, agent - 4) : place]):
        return False
    if {"obligues", "obligueis", "obliguen", "hagas", "hagais", "hagan", "us"} & set(between):
        return False
    if any(token in _EN_NEGATORS or token.endswith("n't") for token in between):
        return True
    for back in range(place - 1, max(-1, place - 7), -1):
        token = tokens[back]
        if not token[0].isalnum() or token in {"o", "y", "pero", "sino", "but", "and", "or"}:
            return False
        if token in _ES_NEGATORS or (token in _EN_NEGATORS and back < agent and agent - back <= 2):
            conditional = back and tokens[back - 1] in {"si", "como", "if"}
            return not conditional and (place - back <= 5)
        if token in {"vez", "lugar", "instead", "rather"}:
            return True
    return False


def _denial_carries_on(tokens: list[str], denied: int, place: int) -> bool:
    """One negation for a whole enumeration: "we never hide, delete or block comments"."""
    gap = tokens[denied + 1 : place] if 0 <= denied < place else None
    return gap is not None and len(gap) <= 6 and all(t in _GAP or t in _COMMENT_NOUNS for t in gap)


def _acts_on_comment(tokens: list[str], place: int, token: str, folded: str) -> bool:
    """Whether what is deleted is a comment or a person: nouns after the verb first, then pronouns, then before."""
    bans = token.startswith(_BAN_STEMS)
    for ahead in tokens[place + 1 : place + 8]:
        if ahead in _OTHER_NOUNS:
            return False
        if ahead in _COMMENT_NOUNS:
            return True
        if ahead in _ACCOUNT_NOUNS:
            return _PURPOSE.search(folded) is None
        if ahead == "you" and (bans or tokens[place + 1] == "you"):
            return True
        if ahead in {".", "!", "?", ";", ":", "\n", ","}:
            break
    if tokens[place + 1 : place + 2] and tokens[place + 1] in _ARTICLES:
        return False
    pronouns = set(tokens[max(0, place - 3) : place])
    if pronouns & _PERSONS or token.endswith(_ENCLITIC_PERSONS):
        return bans or not (pronouns & {"lo", "la"} or token.startswith("quit"))
    return _noun_around(tokens, place, bans=bans)


def _noun_around(tokens: list[str], place: int, *, bans: bool) -> bool:
    """The nearest known noun before the verb, else after it; with none known, what the sentence sounds like."""
    for known in (*reversed(tokens[:place]), *tokens[place + 1 : place + 10]):
        if known in _COMMENT_NOUNS:
            return True
        if known in _OTHER_NOUNS or known in _ACCOUNT_NOUNS:
            return False
    return bans or bool(_THREAT_MARKS & set(tokens[max(0, place - 12) : place]))
