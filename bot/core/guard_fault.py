"""Who is to blame: does a reply admit our fault, deny it, or put it on the commenter? Spanish and English.

After situational crisis communication (Coombs): admissions and denials are decisions of people, and blaming whoever
complains makes every matter worse.
"""

from __future__ import annotations

from bot.core.guard_phrases import Phrases

_ADMITS = r"""
culpa | responsab | error | fallo | neglig | descuido :: (?:es|fue|ha sido|era|fueron|son) (?:tod[oa] |sol[oa] |
  por )*(?:la |el |una? )?(?:culpa|responsabilidad|error|fallo|negligencia|descuido|equivocacion) (?:enteramente |
  solo )?(?:nuestr[oa]|mi[oa]|de la (?:marca|empresa|casa|compania))
culpa | error | fallo | neglig | descuido :: (?:por |la |un |una )?(?:culpa|error|fallo|negligencia|descuido|
  equivocacion) (?:es |fue |ha sido )?(?:tod[oa] |sol[oa] )?(?:nuestr[oa]|por nuestra parte|de nuestr[oa])
nuestr :: nuestr[oa] (?:propi[oa] )?(?:culpa|error|fallo|negligencia|descuido|equivocacion)
recono | admit | asum | acept :: (?:reconocemos|admitimos|asumimos|aceptamos|reconozco|admito|asumo)…(?:culpa|
  responsab\w+|error\w*|fallo\w*|negligencia|equivoc\w+)
equivoca :: nos (?:hemos )?equivoca(?:mos|do)
pata :: (?:metimos|hemos metido|metio el equipo) la pata
cag | lia | pifia :: la (?:hemos )?(?:cagamos|liamos|pifiamos|cagado|liado|pifiado)
se nos | se me :: se (?:nos|me) (?:ha )?(?:olvido|olvidado|paso|pasado|traspapelo|traspapelado|perdio|perdido)
falla :: (?:te|le|os|les) (?:hemos )?falla(?:mos|do)
lo hicimos | lo hemos hecho :: lo (?:hicimos|hemos hecho) (?:muy |fatal|mal)(?:mal)?
culpable | responsable :: somos (?:los |las )?(?:unic[oa]s )?(?:culpables|responsables)
our | my :: (?:our|my) (?:own )?(?:fault|negligence|bad|mistake|oversight|error|wrongdoing)
our :: (?:mistake|error|failure|fault|oversight) on our (?:part|end|side)
messed | screwed | slipped | stuffed | cocked :: we(?:'ve| have| really)? (?:messed|screwed|slipped|stuffed|
  cocked)(?: this| it| that)? up
ball :: dropped the ball
we got | we have got | we've got | got it wrong :: we(?:'ve| have)? got (?:it|this|that) (?:so |all )?wrong
fail | let you down :: we(?:'ve| have)? (?:failed you|let you down)
wrong | neglig | at fault | blame :: we (?:were|are) (?:wrong|negligent|at fault|to blame|liable)
on us :: (?:it's|it is|this(?: one)? is|this(?: one)?'s|that's|that is) (?:all )?on us
responsib | liab | blame | fault | mistake | error :: (?:we|i) (?:fully |freely |do )?(?:admit|acknowledge|accept|
  take|assume|own)(?! social)…(?:fault|responsibility|liability|blame|mistake|error|negligence)
forgot :: (?:we|i) forgot to
nuestr :: (?:culpa|responsabilidad|error|fallo|negligencia|descuido)[^.!?\n]{0,40} (?:es|fue|ha sido|vino|viene|recae|
  partio|estuvo|esta|ocurrio|se produjo)(?: \w+){0,2} (?:de|en|desde|por) nuestr\w+
altura | cumpli | supimos | sabido :: no (?:estuvimos|hemos estado|supimos|hemos sabido|cumplimos|
  hemos cumplido)(?: \w+){0,2} (?:a la altura|con lo|lo que|estar|dar|hacer|atender)\w*
recono | admit | asum :: (?:tenemos|debemos|hay) que (?:reconocer|admitir|asumir)|(?:debemos|podemos) (?:reconocer|
  admitir|asumir)|(?:reconocer|admitir) que (?:nos|no|hemos|fue|fallamos)
mal :: (?:lo|esto|se) (?:gestionamos|gestiono|hizo|llevamos|atendimos|tratamos) (?:muy |fatal|mal)(?:mal)?
our :: (?:responsibility|fault|blame|error|mistake|negligence|failure)[^.!?\n]{0,40} (?:lies|rests|sits|made|is|was|
  came|comes|originated|happened)(?: \w+){0,2} (?:with|in|by|from|at|on) our
admit | acknowledge | own up :: (?:have to|must|should|need to) (?:admit|acknowledge|own up)
short | live up | meet | handle :: we (?:have )?(?:fell|fallen|fall) short|we (?:did not|didn't|failed to) (?:live up|
  meet|handle|manage|do enough|act|do (?:this|it) (?:right|well))
badly | poorly | wrong :: we (?:handled|managed|did|treated)(?: \w+){1,2} (?:badly|poorly|wrong|wrongly)
"""
_DENIES = r"""
no es | no fue | no ha sido | no era :: no (?:es|fue|ha sido|era) (?:por )?(?:la )?(?:culpa|responsabilidad|error|
  cosa|fallo) (?:nuestr[oa]|mi[oa])
culpa | responsab :: no (?:tenemos|asumimos|nos hacemos|aceptamos|somos|tuvimos)[^.!?,\n]{0,25}(?:culpa|responsab\w+)
nega | negar | desment | niego :: (?:negamos|desmentimos|niego|desmiento)(?: \w{4,20}mente)? (?:haber\w*|que|la|las|
  los|el|tal|su|tu|cualquier|tod[oa]s?|lo)
rechaza :: rechazamos…(?:acusaci\w+|afirmaci\w+|imputaci\w+|culpa|responsab\w+)
fals | mentira :: (?<!que )(?:es|son|resulta) (?:\w{4,20}mente |pura |una |todo )*(?:fals[oa]s?|mentiras?)
mentira :: (?:^|(?<=[.!?\n] ))mentira
cierto | verdad :: (?<!si )no (?:es|fue|son) (?:en absoluto |nada )?(?:ciert[oa]s?|verdad)(?! ?\?| que| del todo)
nosotros no | aqui no :: (?:nosotros|aqui) no (?:hemos sido|fuimos|ha pasado|paso|ha ocurrido|hicimos|hemos hecho|
  ha sido)
eso | esto :: (?:eso|esto|nada de (?:eso|lo que \w+)) (?:no |nunca )?(?:ha pasado|paso|ocurrio|ha ocurrido|sucedio|
  ha sucedido)(?! si| como)
no ha pasado | no paso | no ocurrio :: no (?:ha pasado|paso|ocurrio|sucedio) nada
responsib | liable | at fault | to blame :: (?:we're|we are|we were|i'm) (?:not|
  in no way) (?:in any way )?(?:responsible|liable|at fault|to blame)|we (?:aren't|weren't) (?:responsible|liable|
  at fault|to blame)
not our | isn't our | wasn't our | no fault :: (?:not|isn't|wasn't) our (?:fault|responsibility|mistake|doing)|
  no fault of ours
deny | denies | dispute | refute :: (?:we|i) (?:\w{4,20}ly )?(?:deny|dispute|refute)
reject :: we (?:\w{4,20}ly )?reject…(?:claim|accusation|allegation|responsibility|blame)s?
true | false | lie | lies | nonsense :: (?:is|are|that's|it's|was|were) (?:simply |just |completely |absolutely |
  totally |plainly |all )?(?:not true|untrue|false(?! alarm)|a lie|lies|nonsense)
wasn't us | was not us | weren't us :: (?:wasn't|was not|weren't) us
nothing to do with us :: nothing to do with us
nothing of :: nothing of the (?:sort|kind)(?: ever)? happened
realidad | verdad | hechos | lo ocurrido | lo sucedido :: no (?:se )?(?:ajusta|corresponde|responde|coincide)n? (?:a|
  con) (?:la |los |lo )?(?:realidad|verdad|hechos|ocurrido|sucedido)
que ver :: (?:no (?:tuvo|tiene|tuvimos|tenemos|tienen|tuvieron)|sin) (?:absolutamente )?nada que ver
carece | infundad | inexact | incorrect :: carecen? de (?:todo )?(?:fundamento|base|veracidad)|(?:es|
  son) (?:totalmente |completamente )?(?:infundad|inexact|incorrect)[oa]s?
nunca | jamas :: (?:nunca|jamas) (?:le |te |os )?(?:hemos (?:hecho|dicho|vendido|cobrado|perdido)|hicimos|cobramos|
  dijimos|vendimos|hariamos)
facts | reality | truth | records | what happened :: (?:does not|do not|doesn't|don't|did not|didn't) (?:match|
  reflect|correspond to|correspond with|agree with) (?:the |our )?(?:facts|reality|truth|records|what happened)
nothing to do with :: (?:had|has|have) nothing (?:at all )?to do with
unfounded | baseless | inaccurate | incorrect | without merit :: (?:is|are|was|were) (?:simply |completely |
  totally )?(?:unfounded|baseless|without merit|inaccurate|incorrect)
happen :: (?:that|this|it) (?:simply |just )?(?:never happened|did not happen|didn't happen)(?! to)
"""
_BLAMES = r"""
equivoca | confund | exagera | mint :: (?:esta|estas|estais) (?:usted |tu |vos |muy |completamente |
  un poco )*(?:equivocad[oa]s?|confundid[oa]s?|exagerando|mintiendo)
exagera | mientes | te equivoca | se equivoca :: (?:te|se) equivocas?(?: usted)?(?! de boton)|exageras|exagera usted|
  mientes|miente usted
idea | razon :: no (?:tienes|tiene|tenes|teneis)(?: usted)? (?:ni (?:\w+ )?idea|razon|derecho a quej\w+)
leyo | leiste | leido | entiende | enteras :: (?<!si )(?:usted |tu )?no (?:se |te )?(?:leyo|leiste|ha leido|has leido|
  entiende|entiendes|enteras|entera)(?! por que)
si :: si (?:te |se |lo |usted |tu |nos |hubiera )*(?:hubier(?:a|as|ais|an)|hubies(?:e|es|eis|en)|leyeras?|mirases?|
  miraras?|leyeses?|hicieras?)(?! tenido (?:la bondad|algun))…(?:habria|hubiera|hubiese|sabria|estaria|tendria|
  entenderia|no pasaria)\w*
habe :: (?:deberia|deberias|debio|debiste|tendria que|tendrias que|podria|podrias|tenia que|
  tenias que) (?:usted )?haber(?:lo|la|nos|se|te)? ?(?:leido|llamado|mirado|preguntado|avisado|comprobado|escrito|
  dicho|revisado|pensado|consultado|venido|hecho|dado)
debio | debiste :: (?:debio|debiste) (?:usted )?(?:leer|llamar|mirar|preguntar|avisar|comprobar|escribir|revisar|
  pensar)\w*
pasa por | pasa cuando :: (?:eso|esto|asi) (?:te |le |os |les )?pasa (?:por|cuando)
culpa | problema | responsab :: (?:es|fue|sera) (?:solo |todo )?(?:su|tu|vuestr[oa]) (?:propi[oa] )?(?:culpa|problema|
  responsabilidad)|(?:culpa|problema|responsabilidad) (?:es |fue )?(?:solo )?(?:suy[oa]|tuy[oa])
culpa | problema :: (?:la culpa|el problema) (?:la|lo) (?:tienes|tiene|tenes)(?: usted| tu| vos)?
no es nuestro | no es mi | asunto nuestro :: no es (?:nuestro|mi) (?:problema|asunto)|no es asunto nuestro
que culpa :: que culpa (?:tenemos|tengo|tendremos)
quej :: (?:antes de|en vez de|deje de|deja de|dejad de|dejen de) quejar(?:se|te|os)?
haber :: (?<!por )haber(?:lo|la|te|se|los) (?:pensado|leido|mirado|comprobado|dicho antes)
wrong | mistaken | exaggerat | lying | confused | overreact :: (?:you're|you are|you were) (?:just |simply |clearly |
  completely )?(?:wrong|mistaken|exaggerating|lying|confused|overreacting)(?! to be (?:angry|upset))
read | understand | listen | bother | check | know :: you (?:clearly |obviously |simply )?(?:did not|didn't|haven't|
  have not|don't|never) (?:even |actually )?(?:read|understand|listen|listened|bother|bothered|check|checked)
idea | right | clue :: you have (?:absolutely )?no (?:idea|right|clue)
should | ought | could have :: you (?:really )?(?:should|ought to|could)(?: have|'ve) (?!received|got|had|been|seen|
  felt|to)\w+
if you :: if you(?:'d| had)? (?:only |just |ever )?(?:had |read|given|gave|checked|looked|listened|bothered|called|
  followed|paid)…(?:would|you'd|wouldn't|'d know)
problem :: (?:it's|it is|that's|that is|this is)? ?not (?:our|my) problem
our fault :: how is (?:it|that|this) our (?:fault|problem)
what happens | what you get :: (?:that's|that is|this is) what (?:happens when|you get)
your fault | your own fault | your problem | your own problem | your mistake :: (?:it's|it is|that's|that is|was|
  this is|entirely|all)? ?your (?:own )?(?:fault|problem|mistake)
problem :: (?:the )?problem is (?:on your (?:end|side)|yours|you)
error | fallo | equivoca :: (?:error|fallo|equivocacion) (?:lo |la )?(?:cometio|cometiste|hizo|
  hiciste)(?: usted| tu)?|(?:error|fallo) (?:es|fue|ha sido) (?:suyo|tuyo|de usted)
nadie mas :: nadie mas se (?:ha |nos ha )?(?:queja|quejado)
adivin :: no (?:podemos|somos|sabemos) adivin\w+
el favor de :: (?:haga|haz|hagan|haced) el favor de
no diga | no mienta | no mientas | no invente | no exager :: no (?:diga|digas|mienta|mientas|inventes?|
  exageres?)(?! mas\b)
lo que hizo | lo que hiciste | bien antes :: (?:revise|revisa|mire|mira|lea|lee) (?:bien )?(?:lo que (?:hizo|hiciste|
  firmo|firmaste)|antes de)
firmo | firmaste | acepto | aceptaste | eligio | elegiste | olvido | olvidaste :: (?:contrato|condiciones|terminos|
  letra pequena) que (?:usted |tu )?(?:firmo|firmaste|acepto|aceptaste)|(?:usted|tu) (?:mism[oa] )?(?:eligio|elegiste|
  acepto|aceptaste|firmo|firmaste|olvido|olvidaste)
else :: (?:nobody|no one) else (?:has |have )?(?:ever )?(?:complain|had)\w*
guess | mind :: we (?:can't|cannot|couldn't|could not) (?:possibly )?(?:guess|read your mind)
kindly :: kindly (?:read|check|note that you)
you made | you caused :: you (?:yourself )?(?:made|caused) (?:the|this|an?|that) (?:error|mistake|problem|mess)
don't | do not | stop | please :: (?:please )?(?:don't|do not|stop) (?:say|saying|making|make things up|make up|
  invent|inventing|lie|lying|exaggerate|exaggerating)(?! sorry| goodbye)
signed | accepted | agreed | chose | forgot | refused :: (?:contract|terms|conditions|
  small print) (?:that )?you (?:signed|accepted|agreed)|you (?:yourself )?(?:chose|agreed|signed|accepted|forgot|
  refused) (?:to|the|this|it)
check what you :: check what you (?:did|typed|wrote)
idiot | moron | imbecile | fool | liar | stupid | pathetic | ignorant :: you(?:'re| are) (?:all |just |so |such |
  clearly |really |being )*(?:an? )?(?:complete |total |bloody |real )?(?:idiots?|morons?|imbeciles?|fools?|liars?|
  stupid|pathetic|ignorant)
idiota | imbecil | gilipollas | tonto | tonta | mentiros | estupid | cretin | ignorante | payas :: (?:eres|es usted|
  usted es|sois|son ustedes|ustedes son) (?:un |una |unos |unas )?(?:autentic[oa] |verdader[oa] )?(?:idiota|imbecil|
  gilipollas|tont[oa]|mentiros[oa]|estupid[oa]|cretin[oa]|ignorante|payas[oa])(?:s|es)?
complain | whin | moan :: (?:stop|before|instead of) (?:complaining|whining|moaning)
"""

_ADMISSION = Phrases(_ADMITS, unless=r"no es (?:tu|su|vuestra) culpa|your fault")
_DENIAL = Phrases(
    _DENIES,
    negatable=False,
    unless=r"(?:think|believe|feel|say|said|claim|understand|if) (?:that )?(?:it|this|that)(?:'s| is) (?:a lie|not "
    r"true|false)"
    r"|(?:don't|not) (?:think|say|believe)",
)
_BLAME = Phrases(_BLAMES, unless=r"si no (?:leiste|te leiste|has leido)|if you (?:haven't|didn't|did not)")


def settles_fault(folded: str) -> str:
    """The words of a folded text that admit or deny our fault; empty when there are none."""
    return _ADMISSION.find(folded) or _DENIAL.find(folded)


def blames(folded: str) -> str:
    """The words of a folded text that argue with the commenter or blame them; empty when there are none."""
    return _BLAME.find(folded)
