"""Does a reply give medical or legal advice? Spanish and English.

Sending somebody to a doctor, to the emergency services or to what a label or the law's own form says is no advice;
naming a remedy, a diagnosis, or the chances of a lawsuit is.
"""

from __future__ import annotations

from bot.core.guard_phrases import Phrases

_REMEDY_ES = (
    r"(?:ibuprofeno|paracetamol|aspirinas?|antihistaminicos?|antibioticos?|pastillas?|medicament\w+|medicacion|pomadas?|"
    r"cortisona|corticoid\w+|suero|jarabe|analgesicos?|omeprazol|antiacidos?|dosis|calmantes?)"
)
_REMEDY_EN = (
    r"(?:ibuprofen|paracetamol|aspirin|antihistamines?|antibiotics?|pills?|medication|medicines?|ointment|cortisone|"
    r"steroid\w*|painkillers?|antacids?|rehydration salts|syrup|dose|tablets?)"
)
_TAKE_ES = (
    r"(?:tom(?:a|e|ate|ese|ar|ad|en)|aplic(?:a|ate|ar|arse|ue|uese)|pon(?:te|gase|er|erse)|ech(?:ate|ese)|us(?:a|e)|"
    r"prueb(?:a|e) con|con|dej(?:a|e|ar) de tomar|suspend(?:a|e)|reduzca|reduce|aument(?:a|e))"
)
_DISEASE_ES = (
    r"(?:alergia|virus|infeccion|gastroenteritis|intoxicacion|dermatitis|resfriado|indigestion|gripe|irritacion)"
)
_DISEASE_EN = (
    r"(?:allergy|virus|infection|food poisoning|dermatitis|cold|stomach bug|bug|indigestion|flu|irritation|rash)"
)
_MEDICAL = rf"""
ibuprof | paracetam | aspirin | antihistam | antibiot | pastilla | medica | pomada | cortison | corticoid | suero |
  jarabe | analges | omepraz | antiacid | dosis | calmante :: (?:puedes? |debes? |
  deberias? )?{_TAKE_ES}(?:te|se|le)?[^.!?\n]{{0,30}}{_REMEDY_ES}
dejar de tomar | deja de tomar | deje de tomar | dejes de tomar :: dej(?:ar|a|e|es) de tomar (?:su|tu|la|el|esa|ese)
te pasa | se pasa | te pasara | le pasara | te quita | le quita | se cura :: se (?:te |le )?(?:pasa|pasara|quita|
  quitara|cura|curara) (?:sol[oa]|en|con|enseguida)|con [^.!?\n]{{1,30}} se (?:te |le )?(?:pasa|quita|cura)\w*
hace falta | es necesario | vayas | vaya :: no (?:hace falta|es necesario|necesitas|necesita)(?: que)? (?:vayas?|ir|
  acudas?|acudir|llam\w+|ver)[^.!?\n]{{0,15}}(?:medic[oa]|urgencias|hospital|consulta|dermatolog[oa]|emergencias)
alerg | virus | infecc | gastro | intoxic | dermat | resfri | indigest | gripe | irritac :: (?:(?:eso|esto) (?:es|
  sera|tiene pinta de)|es solo|sera solo|seguro que es|se trata de|usted tiene|tienes) (?:seguramente |seguro |
  probablemente |solo )?(?:una? )?(?:pequena |simple |leve )?{_DISEASE_ES}
dieta | mucha agua | reposo :: dieta (?:blanda|astringente)|(?:bebe|beba|beber|bebed) muchos? ?a? ?(?:agua|liquidos?)|
  guarde? reposo|haga reposo
ibuprof | paracetam | aspirin | antihistam | antibiot | pill | medica | medicine | ointment | cortison | steroid |
  painkill | antacid | rehydrat | syrup | dose | tablet :: (?:take|taking|apply|use|try|
  stop(?: taking| using)?|reduce|increase) (?:your |the |an? |some |one |two |\d )?(?:\w+ )?{_REMEDY_EN}|
  {_REMEDY_EN} (?:will|should|would) (?:sort|help|fix|cure|do)
go away | be fine | clear up :: (?:it'll|it will|that will|they'll) (?:go away|clear up|pass)(?: on (?:its|
  their) own| soon| in)?|you'll be (?:fine|better|all right) (?:tomorrow|soon|in)
no need | don't need | doesn't need | needn't :: (?:no need|don't need|needn't|
  not necessary)(?: for you)?(?: to)? (?:see|go|visit|call)[^.!?\n]{{0,15}}(?:doctor|a&e|hospital|gp|er|emergency|
  dermatologist)
allerg | virus | infecti | poison | dermatit | cold | bug | indigest | flu | irritation | rash :: (?:it's|that's|
  it is|that is|you have|you've got) (?:only |just |probably |surely |clearly )?(?:a |an )?(?:mild |little |
  simple )?{_DISEASE_EN}(?! (?:in|report|fix))
reaccion | reaction :: (?:reaccion|reacciones) (?:normal|normales|habitual|comun|leve|pasajera)|(?:normal|common|mild|
  usual|harmless) (?:allergic )?reaction
sola | solo | itself | on its own :: (?:desaparece|desaparecera|se va|se ira) sol[oa]|(?:disappears?|clears? up|
  goes away|go away|heals?) (?:by itself|on its own)
hielo | frio | calor | ice | heat :: (?:pon|ponte|pongase|ponga|aplica\w*|aplique\w*) (?:un poco de )?(?:hielo|frio|
  calor)|(?:put|apply) (?:some )?(?:ice|heat)
algo para | something for :: (?:tome|toma|tomese|tomate) algo para|take something for
tratamiento | treatment | medication :: (?:dejar|deje|deja|suspender|suspenda|abandonar|cambiar) (?:el|su|
  tu) (?:tratamiento|medicacion)|(?:drop|stop|change|quit) (?:the|your) (?:treatment|medication)
diet | water | rest :: (?:bland diet|lots of (?:water|fluids)|plenty of (?:water|fluids|rest)|bed rest)
"""
_LEGAL = r"""
legalmente | juridicamente | punto de vista legal | legally | from a legal :: (?:legalmente|juridicamente|
  desde el punto de vista (?:legal|juridico))(?! responsable)|legally|from a legal (?:point of view|standpoint)
denunci | demand | juicio | abogad | judicial | querell :: (?:te|le|os|les) (?:aconsejamos|recomendamos|sugerimos|
  aconsejo|recomiendo)[^.!?\n]{0,20}(?:denunci\w+|demand\w+|juicio|abogad\w+|judicial\w*|querell\w+)
demanda | denuncia | querella :: (?:puedes?|deberias?|podrias?|tendrias? que) (?:demandar|denunciar|querellar)\w*
derecho a :: (?:usted |tu )?no (?:tienes?|tenes|tendrias?) derecho a (?:reclam|indemn|compens|devol|nada|ning)\w*
de ganar | el juicio :: (?:tod[oa]s )?las de (?:ganar|perder)|(?:ganarias?|perderias?) (?:el juicio|seguro)
firme :: no firmes? (?:nada|el|la|ningun)
sue | lawyer | court | press charges :: (?:advise|recommend|suggest|urge)[^.!?\n]{0,25}(?:sue|suing|lawyer|court|
  charges)|you (?:could|can|should|might) (?:just )?(?:sue|press charges|take (?:them|us|it) to court)
right to | entitled to :: you (?:have no|don't have (?:a|the|any)) (?:legal )?right to (?:claim|compensation|a refund|
  anything)|you're not (?:legally )?entitled to
win | case :: you(?:'d| would|'ll) (?:easily |surely )?win(?: easily| in court| the case)?(?=[.,!]|$)|
  you have (?:a strong|no|a good) case
abogad | lawyer :: (?:un|cualquier|su|tu) abogad[oa] (?:le|te|nos) (?:dira|diria)|(?:a|any|your) lawyer (?:would|
  will) (?:tell|say)
contrato | contract :: contrato (?:es|seria) (?:nulo|valido|abusivo|ilegal)|contract (?:is|would be) (?:void|null|
  valid|unlawful|binding)
ilegal | delito | illegal | crime | unlawful | against the law :: (?:es|seria|no es) (?:un delito|ilegal|denunciable)|
  (?:is|isn't|it's|not|would be) (?:illegal|unlawful|a crime|against the law)
legal terms | terminos legales :: in legal terms|en terminos legales
sign :: don't sign (?:anything|the|any)
"""
_ADVICE = Phrases(
    _MEDICAL, _LEGAL, negatable=False, unless=r"prospecto|\?[^.]{0,5}$|pide a tu medico|ask your doctor (?:if|whether)"
)


def advises(folded: str) -> str:
    """The words of a folded text that give medical or legal advice; empty when there are none."""
    return _ADVICE.find(folded)
