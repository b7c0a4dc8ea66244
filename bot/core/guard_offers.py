"""What a reply gives away: compensation, and promises that no fact supports. Spanish and English.

Compensation offered in public feeds a storm (Herhausen et al. 2019). A promise is an outcome with a time to it, or a
guarantee; saying who is looking at something, or asking for details, promises nothing.
"""

from __future__ import annotations

import re

from bot.core.guard_phrases import Phrases
from bot.core.plaintext import wordset

_COMPENSATES = r"""
devol | devuelv | reembols | reintegr | abona | compensa | indemniz :: (?:te|le|les|os|se lo|se la) (?:vamos a |
  podemos |podriamos )?(?:devolv(?:emos|eremos|er)|reembols(?:amos|aremos|ar)|reintegr(?:amos|aremos|ar)|abon(?:amos|
  aremos|ar)|compens(?:amos|aremos|ar)|indemniz(?:amos|aremos|ar))(?! la llamada| el mensaje| la visita)
devolv | reembols | abonar | compensar | indemniz :: (?:vamos a|podemos|queremos|nos gustaria) (?:devolv|reembols|
  abon|compens|indemniz)[ae]r(?:te|le|les|os)
regala | descontar :: (?:te|le|les|os) (?:vamos a )?(?:regal(?:amos|aremos|ar)|descont(?:amos|aremos|ar))
invita :: (?:te|le|les|os) invit(?:amos|aremos|o) a (?:cenar|comer|desayunar|tomar|un |una |otr)\w*
ofre | damos | daremos | envia | manda | hacemos | haremos | preparamos | aplica :: (?:te|le|les|os) (?:vamos a |
  podemos |queremos |gustaria )?(?:ofre[cz]\w+|damos|daremos|dar|envi(?:amos|aremos)|mand(?:amos|aremos)|hacemos|
  haremos|hacer|preparamos|aplica(?:mos|remos))…(?:vales?|cupon\w*|descuent\w+|bono|regal\w+|compensacion|codigo|
  reembolso|mes gratis|indemnizacion|abono)
compensa :: (?:como|en|a modo de) compensacion
tendra | tienes | tiene | disfrut :: (?:tendras?|tienes?|tenes|disfrut\w+ de) (?:de )?(?:un |una |tu |su )?(?:\d+ ?%|
  descuento|vale|cupon|mes gratis)
gratis :: (?:te|le|les|os) (?:sale|saldra|sera) gratis|gratis para (?:ti|usted|vos)
cuenta | casa | invita | pagamos :: (?:corren?|va|van|es|ira) (?:por|de) nuestra cuenta|(?:invita|paga) la casa|
  lo pagamos nosotros|la pagamos nosotros|cortesia de la casa
descuento :: \d+ ?% de descuento (?:en|para|de|sobre) (?:tu|su|vuestr[oa])
codigo | cupon | vale | descuento :: (?:toma|ten|tenga|aqui (?:tienes|tiene|va)|usa|use|
  utiliza)[^.!?\n]{0,25}(?:codigo|cupon|vale de|descuento|bono)\w*
refund | reimburs | compensat | credit | waiv | cover | knock | money :: (?:we'll|we will|we'd like to|
  we would like to|we'd love to|we can|we're|we are|we're happy to|happy to|i'll|i will|i can|let us|let me) (?:be |
  now |gladly |happy to |going to )*(?:refund\w*|reimburs\w+|compensat\w+|credit(?:ing)? (?:you|your)|waiv\w+|
  cover\w* (?:the|your|all)|knock…off|give you your money|return your money)
offer | send | give | giving | get you :: (?:we'll|we will|we'd like to|we would like to|we'd love to|we can|we're|
  we are|happy to|i'll|i can|let us|let me) (?:offer\w*|send\w*|giv\w+|get) you[^.!?\n]{0,40}(?:voucher|coupon|
  discount|refund|credit|free|gift|compensation|\d+ ?%|[£$€] ?\d)
compensation :: (?:as|in|by way of) (?:a |some )?compensation
get | receive | have | enjoy :: you(?:'ll| will| can)? (?:get|receive|have|enjoy) (?:an? |your |our )?(?:\d+ ?% |
  free |full )?(?:\d+ ?%|discount|refund|voucher|coupon|free \w+)
free :: (?:free|complimentary)[^.!?\n]{0,25} (?:on us|for you)|(?:have|enjoy|take) a free
on us | on the house | our treat :: (?:dinner|meal|drinks?|coffee|lunch|dessert|delivery|shipping|(?:next )?(?:one|
  round))(?:'s| is| are) on us|on the house|our treat
discount | voucher | coupon :: (?:here's|here is|here,|have|take|use)[^.!?\n]{0,25}(?:discount|voucher|coupon)
money back :: (?:give|get) you (?:all )?your money back|your money back (?:today|right away|now)
reintegro | reembolso | devolucion | abono | descuento | rebaja :: (?:vamos a|podemos|queremos|nos gustaria|
  hemos decidido) (?:hacer|emitir|tramitar|procesar|gestionar|ordenar|dar|ofrecer)(?:te|le|les|
  os)? (?:\w+ ){0,2}(?:reintegro|reembolso|devolucion|abono|descuento|rebaja)|(?:haremos|emitimos|emitiremos|
  tramitamos|tramitaremos|procesaremos|ordenamos) (?:\w+ ){0,2}(?:reintegro|reembolso|devolucion|abono)
paga | ingres | devolv :: (?:te|le|les|os) (?:pagamos|pagaremos|ingresamos|ingresaremos)
canje | bono | vale | cupon | codigo :: (?:canje\w+|utiliz\w+|usar?|use|disfrut\w+ de) (?:este |el |tu |su |un |
  esta )?(?:bono|vale|cupon|codigo|descuento|tarjeta regalo)
cobra :: no (?:te|le|os|les) (?:cobraremos|cobramos|vamos a cobrar)
compensar | recompensar | regalar :: (?:queremos|vamos a|podemos|nos gustaria|permita\w*|dejanos|
  dejenos) (?:compensar|recompensar|regalar)\w*
detalle | gesto | cortesia :: (?:como|un) (?:detalle|gesto|cortesia)[^.!?\n]{0,50}(?:gratis|regal|descuent|cobr|euro|
  invit|vale)\w*
refund | credit | reimburs | repayment | discount :: (?:we're going to|we are going to|we'll|we will|we can|
  we'd like to|we're|we are|happy to|i'll|i can) (?:be |now )?(?:issu|process|mak|arrang|authori[sz]|apply|appli|
  approv)\w* (?:\w+ ){0,3}(?:refund|credit|reimbursement|repayment|discount)
pay | transfer | deposit :: (?:we'll|we will|we can|we're going to|i'll) (?:pay|transfer|
  deposit) (?:\w+ ){0,4}(?:difference|amount|money|account|back|you)
redeem | voucher | coupon | gift card :: (?:redeem|use|enjoy|claim) (?:this|your|an?|the)[^.!?\n]{0,25}(?:voucher|
  coupon|discount|credit|gift card)
goodwill | good will | make it up | cost you | charge you :: gesture of good ?will|make (?:it|this|that) up to you|
  (?:won't|will not) (?:cost|charge) you
% off | percent off :: \d+ ?(?:%|percent) off (?:your|the next|next)
"""

_TIME_ES = (
    r"(?:manana(?: mismo)?|hoy(?: mismo)?|esta (?:misma )?(?:tarde|manana|noche|semana)|este (?:lunes|martes|miercoles|"
    r"jueves|viernes|sabado|domingo|fin de semana)|(?:el|antes del|para el) (?:proximo )?(?:lunes|martes|miercoles|"
    r"jueves|viernes|sabado|domingo)|(?:en|antes de|dentro de) (?:menos de |unas? |un par de |poc[oa]s )?"
    r"(?:\d{1,3}|una?|dos|tres|media|pocas|pocos|par de)? ?(?:horas?|dias?|minutos?|semanas?)|la (?:semana|proxima) "
    r"(?:que viene|proxima|semana)|antes de (?:que (?:acabe|termine)|fin(?:es)? de|acabar|terminar) (?:el |la )?(?:"
    r"semana|mes|dia|ano|jornada)|en (?:las|los) proxim[oa]s (?:\d+ )?(?:horas|dias|minutos|semanas)|"
    r"en cuanto (?!pued)\w+|"
    r"a (?:primera hora|finales de|lo largo de))"
)
_TIME_EN = (
    r"(?:tomorrow|today|tonight|this (?:afternoon|morning|evening|week)|(?:on |by |before |this |next )?(?:monday|"
    r"tuesday|wednesday|thursday|friday|saturday|sunday)|next week|(?:with)?in (?:less than |the next |half |about )?"
    r"(?:an?|\d{1,3}|one|two|three|few)? ?(?:couple of |few )?(?:working |business )?(?:hours?|days?|minutes?|"
    r"weeks?)|by "
    r"the end of the (?:day|week|month|year)|right away|straight "
    r"away|before the (?:week|month|day|year)|in the next (?:few |couple of )?(?:\d+ )?(?:hours|days|weeks)|as soon as "
    r"(?!you|possible)\w+)"
)
_OUTCOME_ES = (
    r"(?:(?!queremos|esperemos)\w{2,14}remos|tendras?(?: noticias)?|habran \w+|te mandamos|le mandamos|"
    r"recibiras?|recibe|"
    r"recibes|llegara|llega|saldra|sale|lo tienes?|la tienes?|los tienes?|las tienes?|"
    r"estara(?:n|s)?|quedara|(?:te|le|os|les) (?:\w+ )?(?:llama(?:mos|remos|ra)?|contacta(?:mos|remos|ra)|"
    r"escrib(?:imos|iremos|ira)|respond(?:emos|eremos|era)|contest(?:amos|aremos|ara)|envi(?:amos|aremos|ara)|"
    r"entreg(?:amos|aremos|ara))|soluciona(?:mos|remos|do|da)|resolv(?:emos|eremos)|resuelt[oa]|"
    r"arregla(?:mos|remos|do))"
)
_OUTCOME_EN = (
    r"(?:(?:you'll|you will) (?:have|get|receive|hear)|(?:we'll|we will|i'll|i will) (?!be open|be closed|be here)\w+|"
    r"will be (?:closed|fixed|ready|sent|done)|(?:we'll|we will|i'll|i will|someone will|somebody will|it'll|"
    r"it will|they'll|\w+ will) (?:\w+ )?(?:fix|solve|resolve|sort|call|ring|phone|deliver|ship|arrive|reply|answer|"
    r"get back|be (?:there|with you|fixed|solved|resolved|sorted|ready|delivered|back))|be (?:fixed|solved|resolved|"
    r"sorted|delivered)|(?:it|that|order|parcel) (?:gets there|arrives|leaves)|get (?:it|this|that) "
    r"(?:fixed|sorted|solved|done))"
)
_TIMES_ES = (
    "manana | hoy | esta | este | lunes | martes | miercoles | jueves | viernes | sabado | domingo | hora | "
    "dia | minuto | "
    "semana | mes | cuanto | fin | primera hora"
)
_TIMES_EN = "tomorrow | today | tonight | this | day | week | hour | minute | away | as soon as | month | year"
_PROMISES = rf"""
{_TIMES_ES} :: {_OUTCOME_ES}…{_TIME_ES}
{_TIMES_ES} :: {_TIME_ES}…{_OUTCOME_ES}
garanti | promet | asegur | juramos | palabra :: (?:te |le |os |les |se )?(?:lo )?(?:garantizamos|garantizo|
  prometemos|prometo|(?<!nos )aseguramos|juramos)|(?:damos|doy|tienes|tiene) (?:mi|nuestra) palabra|, palabra
segur | tranquil :: (?:este|estes?|esten|quede(?:se)?|quedate|puedes? estar) (?:segur[oa]|
  tranquil[oa])s? (?:de )?(?:que|,)|(?:be|rest) (?:certain|assured|sure) (?:that )?
certain | assured | sure :: (?:be|rest) (?:certain|assured|sure) (?:that |of )?(?!to )\w+
vuelve | volvera | repet :: no (?:volvera|vuelve|va a volver) a (?:ocurrir|pasar|suceder|repetirse)|no se (?:repetira|
  va a repetir)
sin falta | si o si | fijo | seguro que :: (?:sin falta|si o si|la tienes fijo|lo tienes fijo|seguro que (?:llega|
  se soluciona|lo tienes))
soluciona | resolv | arregl :: (?:te |se |os )?(?:lo|la) (?:solucionaremos|resolveremos|arreglaremos|
  vamos a (?:solucionar|resolver|arreglar)|solucionamos|resolvemos|arreglamos)
quedara :: quedara (?:resuelt|solucionad|arreglad)[oa]
{_TIMES_EN} :: {_OUTCOME_EN}…{_TIME_EN}
{_TIMES_EN} :: {_TIME_EN}…{_OUTCOME_EN}
guarantee | promise | assure | word :: (?:we|i) (?:can )?(?:guarantee|promise|assure)|(?:have|give you) (?:my|our) word
happen again :: (?:won't|will not|will never|never) (?:ever )?happen again
without fail | no matter what | for sure | definitely :: without fail|(?:will|'ll|
  get)[^.!?\n]{0, 40}(?:no matter what|for sure)|will definitely (?:arrive|be|get)
fix | solve | resolve | sort | put it right :: (?:we'll|we will|we're going to|i'll) (?:\w+ )?(?:fix|solve|resolve|
  sort|put) (?:it|this|that|everything)(?! together)
"""
# What others promised, what is asked, and what is said to be unknown.
_NO_PROMISE = (
    r"(?:te|le|os|les|me|nos) (?:dijeron|prometieron|aseguraron|indicaron)|(?:were|was|been) (?:told|promised)|"
    r"they (?:told|promised)|ojala|wish|no podemos (?:decir|dar|asegurar)|can't (?:say|tell|promise)|cuando (?:te|le) "
    r"(?:viene|va)|prefieres|prefiere|would you prefer"
)
_STEM = 5
_LETTERS = re.compile(r"[a-z]{4,}|\d+")
_WEEKDAYS = wordset(
    """
    lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday manana
    tomorrow today tonight hoy
    """
)
_SHARE = 0.5

_COMPENSATION = Phrases(_COMPENSATES)
_PROMISE = Phrases(_PROMISES, unless=_NO_PROMISE)


def compensates(folded: str) -> str:
    """The words of a folded text that offer money, goods or a discount; empty when there are none."""
    return _COMPENSATION.find(folded)


def promises(folded: str) -> tuple[str, ...]:
    """The passages of a folded text that promise an outcome, each once."""
    return tuple(dict.fromkeys(hit.words for hit in _PROMISE.hits(folded)))


def supported(passage: str, facts: tuple[str, ...]) -> bool:
    """Whether a fact says what a promise says: all its figures and days, and half of its words at least.

    `facts` are folded texts.
    """
    words = set(_LETTERS.findall(passage))
    exact = {word for word in words if word.isdigit() or word in _WEEKDAYS}
    stems = {word[:_STEM] for word in words}
    for fact in facts:
        said = set(_LETTERS.findall(fact))
        common = stems & {word[:_STEM] for word in said}
        if exact <= said and len(common) >= _SHARE * len(stems):
            return True
    return False
