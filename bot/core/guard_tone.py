"""The wrong tone: irony where somebody complains, apologies where somebody praises. Spanish and English."""

from __future__ import annotations

import re

from bot.core.guard_phrases import Phrases

_IRONY = r"""
jaja | jeje | jiji :: (?:ja){2,}j?|(?:je){2,}j?|(?:ji){2,}j?
corazon :: (?:nos|me) (?:parte|rompe) el (?:corazon|alma)
drama | dramon :: (?:vaya|menudo|que) (?:drama|dramon|tragedia)(?= por|[,.!?]| con| montas)
pobre | penita :: pobrecit[oa]s?|pobre (?:de ti|de usted)|que penita
llor :: no llores?|a llorar a|deja de llorar
campeon | figura | maquina | lumbrera | listill | majet | guapet :: (?:vale|claro|venga|si|oye|bravo|ok),? (?:campeon|
  campeona|figura|maquina|lumbrera|listill[oa]|majet[oe]|guapete)
lo que :: lo que (?:tu )?(?:tu digas|usted diga|digas tu|diga usted|digas|vos digas)(?=$|[.,!?])
original | novedad | sorpresa | gracios :: (?:que|how) (?:original(?:es)?|novedad|sorpresa|gracios[oa]s?|surprising|
  funny)(?=[,.!]|$)
tiembl | que miedo | shaking | quaking | trembling :: tiembl\w+ (?:las piernas|de miedo)|que miedo|(?:shaking|quaking|
  trembling) (?:in (?:our|my) boots|with fear)
vida | life :: (?:su|tu) vida (?:esta|queda|quedo) (?:arruinad|destrozad|acabad)a|your (?:whole )?life (?:is|must be|
  was) (?:ruined|over)
medalla | aplauso | medal | cookie | applause :: (?:quiere|quieres|merece|mereces|toma|tome) (?:una |un )?(?:medalla|
  aplauso|premio)|(?:want|deserve|here's|have) (?:a|your) (?:medal|prize|cookie|round of applause)
se ve que | se nota que | mal dia :: se (?:ve|nota) que (?:hoy|no|alguien|tenias?)(?! nos)|(?:alguien|
  quien) (?:ha tenido|tiene) un mal dia
someone | somebody :: (?:someone|somebody)(?:'s| is)? (?:didn't have|did not have|got up|woke up|needs a|
  having a bad)(?! look| hand)
menos lobos | menos humos :: menos (?:lobos|humos)
mundo | para tanto :: (?:no se|tampoco se) (?:acaba|hunde|cae) el mundo|(?:se acaba|se hunde) el mundo|
  no es el fin del mundo|(?:no|tampoco) (?:es|sera) para tanto
persona | cliente :: (?:primera|unica|primer|unico) (?:persona|cliente|ser humano) (?:del|en el) mundo
enhorabuena | felicidades | bravo | premio :: (?:enhorabuena|felicidades|bravo|felicitaciones),? (?:es usted|eres|
  te ha tocado|le ha tocado|has ganado|ha ganado|por (?:quejarse|quejarte))|(?:premio|medalla|oscar) (?:a la|al|
  para el) (?:\w+ )?(?:mas )?\w+
solo vivimos | vivimos solo | otra cosa que hacer | a hombros :: (?:solo vivimos|vivimos solo) (?:para|por)|(?:nada|
  no tenemos) (?:mejor|otra cosa) que hacer|a hombros
que quieres | que quiere | que esperab :: (?:^|y |[?!.] ?)¿?y? ?que (?:quieres|quiere|esperabas|
  esperaba)(?: usted| tu)?(?=, que|\?|$)
tranquil | relaja | calma :: (?:^|[.!?] )(?:tranquil[oa]s?|calma|relaja(?:te|os)?|relajese)[,.!] ?(?:que|hombre|mujer|
  tio|tia|no)
uy si | si, claro | claro, como | claro, porque | ya, ya :: (?:uy|huy|ah|oh),? si,|si, claro|claro,? (?:como|
  porque) (?:tu|usted|nosotros|aqui)|ya, ya
constructiv | amable | educad | brillante | simpatic | sabi | inteligent | kind | helpful | polite | clever |
  lovely :: ["«“'](?:constructiv|amable|educad|brillante|simpatic|sabi|inteligent|constructive|kind|helpful|polite|
  clever|lovely)\w*["»”']
lol | lmao | haha | hehe | rofl :: lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,}h?
tragic | heart | boo hoo | poor thing | poor you | poor baby | aww :: how tragic|(?:our|my) hearts? (?:is|are|bleeds?|
  breaks?)(?: breaking| bleeding)?(?= for)|boo hoo|poor (?:thing|you|baby)|aw+(?: poor)
drama :: what a drama|drama queen|so dramatic
cry :: don't cry|cry about it|cry me
whatever you say | champ | buddy | genius | snowflake | sweetheart | princess :: whatever you say|(?:sure|ok|okay|
  right|thanks|yes|feedback|opinion|say),? (?:champ|buddy|genius|snowflake|sweetheart|princess)
congrat | bravo | award :: (?:congrats|congratulations|bravo),? (?:you're|you are|you win|you've won|you have won|
  on winning|on being)|(?:most|best) \w+ (?:customer|client|complainer) award
person in the world | customer in the world :: (?:first|only) (?:person|customer|human) in the world
end of the world | calm down | chill | relax | get over it | lighten up :: not the end of the world|(?:^|
  [.!?] )(?:please )?(?:calm down|chill out|chill|relax|lighten up)[,.!]|get over it
it's only | it's just :: it's (?:only|just) a (?!few|moment|matter|minute|first)\w+
survive :: how (?:will|did|do|can) you (?:ever )?survive|however will you
what do you | what did you :: what d(?:o|id) you (?:want|expect)(?: from us| us to)?,? (?:should|that|a |me |us )
wrong side :: wrong side of (?:the )?bed
sure, because | oh sure | oh, sure | yeah, right | yeah right | oh please | oh, please | live only |
  exist only :: (?:sure|right|of course),? because (?:we|you)|oh,? (?:sure|please)(?=,)|yeah,? right|
  we (?:only )?(?:exist|live) (?:only )?(?:for|to)
"""
# A face that rolls its eyes, smirks or laughs at somebody who complains.
_FACES = re.compile("[\U0001f644\U0001f602\U0001f923\U0001f61c\U0001f60f\U0001f643\U0001f921\U0001f60f\U0001f485]")
_SORRY = r"""
sentimos | siento | lament :: (?:sentimos|siento|lamentamos|lamento) (?:mucho|muchisimo|tanto|de veras|que|las?|los?|
  el|haber|tu|su|esta?|lo)(?! felices| alegr)
lo sentimos | lo siento :: lo (?:sentimos|siento)(?=[,.!]|$| mucho| muchisimo| de verdad| de veras| de corazon)
disculp | perdon | excus :: disculp(?:as?|e|en|ad|anos|enos|adnos|amos|arnos)|perdon(?:a|e|en|ad|anos|enos|adnos)?
apena | duele :: nos (?:apena|duele) (?:mucho )?(?:lo|que|leer|saber)
que pena | que lastima :: que (?:pena|lastima) que (?:hayas?|tuvieras?|te|le)
terrible | awful | bad | shame | pity :: feel (?:so |really )?(?:terrible|awful|bad|dreadful) (?:about|that|for)|
  what a (?:shame|pity) that you
sorry | apolog | regret | forgive :: sorry(?! not sorry)|apolog(?:y|ies|ise|ize|ising|izing)|(?:we|
  i) (?:deeply )?regret|forgive us
"""
_NOT_SORRY = (
    r"nothing to (?:be )?(?:sorry|apologi)|no (?:need|reason) to apolog|sorry not sorry|no hay (?:nada )?que (?:perdon|"
    r"disculp)|sin disculpas|apology (?:is )?(?:needed|necessary)"
)
_IRONIC = Phrases(_IRONY, negatable=False)
_APOLOGY = Phrases(_SORRY, unless=_NOT_SORRY)


def ironic(folded: str) -> str:
    """The words or the face in a folded text that would mock somebody who complains; empty when there are none."""
    face = _FACES.search(folded)
    return _IRONIC.find(folded) or (face[0] if face else "")


def apologises(folded: str) -> str:
    """The words of a folded text that apologise; empty when there are none."""
    return _APOLOGY.find(folded)
