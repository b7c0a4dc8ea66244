"""Spanish phrases of the rules, from Spain and Latin America. The notation is that of `bot.triage.lexicon`."""

from __future__ import annotations

# Critical: one list per danger; the drafter words its holding reply after it.
CRITICAL = {
    "health": """
reacción alérgica, reacciones alérgicas, shock anafiláctico, choque anafiláctico, anafilaxia, intoxic*, envenen*
me/nos/le/les/se sentó/cayó muy mal y ~ hospital, acab* en urgencias, terminé en urgencias, terminó en urgencias
en urgencias por, en urgencias con, está en urgencias, estamos en urgencias, acabó en urgencias
ingresad* en ~ hospital, hospitaliz*, en el hospital por, en la uci, no puedo/puede/podía respirar
me/se/nos ahog*, atragant*, asfixi*, quemaduras, se quemó la mano, me quemé con, me/le/nos dio/dado la/una corriente
electrocut*, explot* ~ batería, batería explot*, batería ardi*, se incendió, se prendió fuego, está ardiendo
ha salido ardiendo, salió ardiendo, olor a gas, huele a gas, fuga de gas
cristales/cristal/vidrio/vidrios en la/el/mi/su/los/las comida/plato/bote/bebida/ensalada/sopa
cristales/cristal/vidrio/vidrios en el/mi/su/un bocadillo/bocata/pan/postre/yogur/café/helado, vidrio/cristal dentro
cristales/cristal/vidrio/vidrios en la/mi/su/una hamburguesa/pizza/tarta/croqueta/tortilla, quemadura en la/el/una
salmonel*, listeria, contaminad* ~ bebé, intoxicación alimentaria, vomit* sangre, convulsion*, se desmayó, me desmayé
perdió el conocimiento, infarto, paro cardiaco, se me/le hinchó la cara/garganta/boca/lengua, peligro de muerte
peligro para la salud, casi me/nos mata, casi me/nos muero, nos podía/pudo haber matado, alguien puede morir
ha muerto, murió, falleció, fallecido, herid* grave*, heridos, accidente grave, sangrando, se cayó encima
me caí en ~ tienda, se quedó sin frenos, sin frenos, los frenos no ~, fallaron los frenos, el airbag no
""",
    "self_harm": """
me quiero morir, quiero morirme, quiero morir, quisiera morirme, no quiero vivir, no quiero seguir viviendo, suicid*
quitarme la vida, acabar con mi vida, acabar con todo esto para siempre, me voy a matar, matarme, cortarme las venas
hacerme daño, autolesion*, no merece la pena vivir, no vale la pena vivir, ya no aguanto vivir, mejor muert*
""",
    "violence": """
os/los/te/le/les voy a matar, os/los/te/le/les vamos a matar, voy a matar a, te mato, os mato, los mato
amenaz* a mi mujer/marido/esposa/esposo/pareja/madre/padre/hijo/hija/novia/novio, amenaz* a mis hijos/hijas/padres
amenaz* con pegar*/agredir*/matar*/golpear*
amenaza* de muerte, amenazas de muerte, amenazó de muerte, poner una bomba, hay una bomba, amenaza de bomba
voy a ir a buscar*, te voy a buscar y, voy a quemar ~ tienda/local/oficina/oficinas/sede/todo, prender fuego a
paliza, me pegó, me pegaron, le pegó, nos pegó, me agredi*, agredió, agredieron, agresión sexual, agresión física
abuso sexual, abusó de, violación, me violó, acoso sexual, me acosó, acosó, me acosa, me siguió hasta casa
me siguió hasta mi casa, me tocó sin, me manoseó, a punta de pistola, con un cuchillo, con una pistola, un tiroteo
maltrat* a ~ perr*/animal*/gat*
""",
    "data": """
filtra* ~ datos, filtración de datos, datos filtrados, fuga de datos, robo de datos, robaron ~ datos
mis datos en internet, mis datos ~ públic*, datos de otr* client*, datos de otr* persona*, factura de otr* client*
factura de otra persona, pedidos de otr* client*, veo los datos de, puedo ver los datos, me sale la cuenta de otr*
brecha de seguridad, brecha de datos, expusieron ~ datos, datos expuestos, han publicado mi dirección
publicaron mi dirección, publicaron mi teléfono, vendido/vendieron mis datos, base de datos ~ expuesta
""",
    "discrimination": """
racist*, racismo, xenófob*, xenofobia, homófob*, homofobia, tránsfob*, transfobia, discrimina*, machista*, antisemit*
islamófob*, por ser negr*, por ser gitan*, por ser gay, por ser lesbiana, por ser mujer, por ser trans
por ser musulm*, por ser inmigrante, por ser latin*, por ser moro/mora, por ser extranjer*, por ir en silla de ruedas
por mi color de piel, por su color de piel, por mi discapacidad, por su discapacidad, por mi religión, por mi acento
no atienden a ~ gitan*/negr*/extranjer*
""",
    "legal": """
demandar*, demandaré, voy a demandar, vamos a demandar, os demando, los demando, les demando, demanda colectiva
poner una demanda, demanda judicial, denunciar* ~ policía/juzgado/guardia/fiscalía, os voy a denunciar
los voy a denunciar, voy a denunciar*, denunciaré, pondré una denuncia, poner una denuncia, puesto una denuncia
acciones legales, medidas legales, vía judicial, vía legal, mi abogad*, nuestro abogado, mis abogad*
nos vemos en el juzgado, nos vemos en los tribunales, nos veremos en los tribunales, burofax, querella
ante los tribunales, al juzgado, ante la justicia
""",
    "minors": """
menor* ~ peligro, niñ* ~ peligro, niñ* ~ tragó/tragado, se tragó una pieza, se ha tragado, se atragantó
mi hij* ~ hospital, mi hij* ~ urgencias, mi hij* ~ ahog*, mi bebé ~ hospital, mi bebé ~ urgencias, pederast*
pedófil*, pornografía infantil, abuso de menores, abusos a menores, alcohol a menores, vend* alcohol a ~ menor*
tabaco a menores, acos* a ~ menor*, grooming, a mi hij* le ~ alergia, a mi hij* le ~ quem*, niñ* perdid*
explotación infantil, trabajo infantil
""",
}

HIGH = {
    "journalist": """
soy periodista, somos periodistas, periodista de, redactor* de ~ periódico/diario/revista, trabajo para el periódico
escribo para el/la, desde la redacción, medio de comunicación, para un reportaje, para un artículo sobre vosotros
solicitar una entrevista, una entrevista con ~ portavoz, declaraciones de la empresa, versión de la empresa
contacto de prensa, gabinete de prensa, lo publicaremos mañana, programa de televisión, en antena
""",
    "money": """
cobr* dos veces, cobr* ~ dos veces, cobr* ~ doble, cobr* ~ de más, cobrado de más, cobr* ~ duplicado, por duplicado
doble cobro
doble cargo, cargo doble, cargos dobles, cobros duplicados
cobr* sin permiso, cobr* sin autorización, cobr* sin mi, cobro no autorizado, cargo no autorizado
cargos no autorizados, cargo duplicado, cargos que no, cargo que no, me han robado, me robaron, me habéis robado
me robasteis, nos han robado, me han estafado, me estafaron, nos estafaron, me habéis estafado, estafad*
han vaciado ~ cuenta, me vaciaron la cuenta, me han quitado ~ euros/pesos/soles/dólares, dinero desaparecido
no me devuelven el dinero, no me devolvéis el dinero, no me han devuelto el dinero, sin devolverme el dinero
mi dinero desapareció, me siguen cobrando, me seguís cobrando, me han cobrado igual, me cobraron igual
cobr* dos meses, me cobran y no
""",
    "stranded": """
tirad* en el aeropuerto, tirad* en la carretera, tirad* en medio, nos han dejado tirados, nos dejaron tirados
me han dejado tirad*, me dejaron tirad*, nos habéis dejado tirados, varad*, atrapad* en, encerrad* en
atrapados en el ascensor, sin forma de volver, no podemos volver a casa, no puedo volver a casa
no tenemos donde dormir, no tengo donde dormir, durmiendo en el aeropuerto, en la calle con ~ niños
sin luz desde hace, sin agua desde hace, sin calefacción, perdimos el vuelo de conexión, botad* en el aeropuerto
""",
    "hacked": """
me han hackeado, me hackearon, cuenta hackeada, hackear*, hackeado, jackeado, alguien ha entrado en mi cuenta
alguien entró a mi cuenta, entraron en mi cuenta, accedieron a mi cuenta, accesos que no reconozco, suplant*
me han robado la cuenta, me robaron la cuenta, phishing, se hacen pasar por vosotros, se hacen pasar por ustedes
se hacen pasar por, compras que no he hecho, compras que no hice
""",
    "repeated": """
por tercera vez, por cuarta vez, por quinta vez, por enésima vez, tercera vez que, cuarta vez que, quinta vez que
otra vez más, ya van ~ veces, os he escrito ~ veces, les he escrito ~ veces, he llamado ~ veces, llamé ~ veces
llevo ~ llamadas, sin respuesta, nadie me contesta, nadie contesta, nadie responde, nadie me responde
nadie me da una solución, no me contestáis, no me contestan, no me responden, no me respondéis, nadie da la cara
seguís sin contestar, siguen sin contestar, siguen sin responder, me ignoran, seguís sin responder, me ignoráis
llevo meses, llevamos meses, mil correos, mil veces, mil llamadas
""",
    "vulnerable": """
silla de ruedas, discapacidad, discapacitad*, mi abuel* ~ años, mi madre de ~ años, mi padre de ~ años
mi madre tiene ~ años, persona mayor, personas mayores, estoy embarazada, mi mujer embarazada, mi esposa embarazada
mi hij* autista, autismo, enferm* de cáncer, con cáncer, quimioterapia, oxígeno en casa, persona ciega, soy ciego
soy ciega, sord*, celíac*, diabétic*, alérgic*, viuda, de luto, en paro y, medicación urgente, recién operad*
depend* de ~ respirador
""",
}

COMPLAINT = """
despegad*, se despega, descosid*, rajad*, rasgad*, agrietad*, manchad*, oxidad*, abollad*, rayado, rayada, gotea*
un agujero, desteñid*, no funciona*, no me funciona*, dej* de funcionar, no va, no va la/el, no me va, no carga*
no me deja, no deja, no abre, no arranca
no puedo entrar/acceder/pagar/comprar/iniciar/abrir/usar/cancelar/contactar/hablar/ver/descargar, no se puede
no hay manera, no hay forma, imposible contactar/hablar/pagar/cancelar/entrar/comprar/que, no llega*, no me llega*
no ha llegado, no me ha llegado, no llegó, no me llegó, sigue sin llegar, sigo sin recibir, sigo sin, seguimos sin
sigue sin, no he recibido, no recibí, no hemos recibido, nunca llegó
llegó tarde/roto/rota/mal/frío/fría/abierto/incompleto, llega tarde, ha llegado roto/rota/tarde/mal/abierto/frío
retras*, con retraso, demora*, perdi* ~ pedido/maleta/paquete/equipaje, pedido perdido, maleta perdida
pedido equivocado, equivocad*, me enviaron otro/otra/mal, cancelado mi/el, cancelaron mi/el, me cancelaron
me han cancelado, estafa*, timo, timador*, ladron*, robo a mano, un robo, sinvergüenza*, publicidad engañosa, engañ*
mentir*, mentiros*, me mintieron, tomadura de pelo, tomando el pelo, roto, rota, rotos, rotas, defectuos*, estropead*
averiad*, averia*, se rompió, se ha roto, se estropeó, se cae, se cuelga, se cierra sola, da error, me da error
error al, falla*, fallo, fallos, caducad*, en mal estado, podrid*, crudo, cruda, frío y, moho, un pelo en, cucaracha*
suci*, asqueros*, mal olor, mala calidad, pésim*, fatal, horrible*, lamentable*, penos*, inaceptable*, intolerable*
indignante*, indignad*, vergonzos*, vergüenza, una vergüenza, desastre*, nefast*, chapuz*, porquería, basura, un asco
da asco, mal servicio, mala atención, mal trato, maleducad*, groser*, nos trataron mal, me trataron mal, trato ~ malo
decepcion*, frustra*, hart*, cansad* de, reclamación*, reclamo*, reclamar, queja*, quejar*, hoja de reclamaciones
devolución, devolver, devuelv* ~ dinero, reembolso*, quiero mi dinero, exijo, exigimos, devolvedme, devolvedlo
devuélvan*, devuélveme, doble cargo, cargo doble, cobr* ~ dos veces
cobr* ~ doble, cobr* ~ duplicado, por duplicado, se renovó sol*, anular ~ pedido, quiero anular, quiero cancelar
esperando, llevo ~ esperando
llevo horas, llevo días, llevo semanas, llevamos horas, llevo una hora, llevo dos horas, horas de espera
horas de cola, una hora de cola, espera interminable, nunca más, no vuelvo, no volveré, no pienso volver
no vuelvo a comprar, no lo recomiendo, no recomiendo, no recomendable, no compréis, no compren, no compres
no os lo recomiendo, me doy de baja, darme de baja, nadie ~ contesta, no contestan, no contestáis, no responden
no respondéis, ni caso, pasan de, pasáis de, car* para lo que, demasiado caro, carísim*, abusiv*, sin respuesta
sin solución, sin avisar, tardan, tardáis, tarda mucho, lentísim*, no sirve*, inservible*, no es lo que
no era lo que, mal hech*, cobr* de más, cobr* dos veces, doble cobro, incumpl*, no cumpl*, tirad* en, dejaron tirad*
dejado tirad*, problema con, problemas con, mala experiencia
"""

QUESTION = """
alguien sabe, sabéis si, saben si, sabes si, quería saber, quisiera saber, me gustaría saber, quiero saber
necesito saber, quería preguntar, una pregunta, una duda, una consulta, tengo una duda, tengo una pregunta
tengo una consulta, me podéis decir, me podrían decir, me pueden decir, me podrías decir, me puedes decir
podéis decirme, podrían decirme, pueden decirme, podrías decirme, cómo puedo, cómo hago, cómo se, dónde puedo
dónde se, dónde está*, cuándo sale, cuándo abre*, cuándo vuelve*, a qué hora, qué horario, horario de, cuánto cuesta*
cuánto vale*, cuánto tarda*, cuánto sale*, qué precio, precio de, tenéis ~ en, hay stock, queda* stock, hacéis envíos
hacen envíos, envían a, enviáis a, se puede ~ con, es posible, cuál es, cuáles son, qué diferencia, para cuándo
desde cuándo, hasta cuándo, info por favor, más información, más info, precio por favor
"""

INTERROGATIVE = """
qué, quién, quiénes, cómo, dónde, adónde, cuándo, cuánto, cuánta, cuántos, cuántas, cuál, cuáles, por qué, porqué
para qué, hay, tenéis, tienen, tienes, tenés, puedo, podéis, pueden, podemos, se puede, sabéis, saben, es, son, está
están, sirve, vais, van, habéis, abrís, abren, cerráis, hacéis, hacen, aceptáis, aceptan, vendéis, venden, alguien
me podéis, me pueden, podrían, podríais
"""

SUGGESTION = """
deberíais, deberían, debería, debíais, tendríais que, tendrían que
podríais poner/hacer/añadir/abrir/sacar/incluir/ofrecer/traer/mejorar
podrían poner/hacer/añadir/agregar/abrir/sacar/incluir/ofrecer/traer/mejorar, podéis poner/añadir/incluir
estaría bien, estaría bueno, estaría genial, estaría guay, estaría chido, estaría padre, molaría, sería genial
sería bueno, sería buena idea, sería un detalle, sería un puntazo, sería ideal, sería estupendo, sería un acierto
sería mejor si
ojalá pongan/pongáis/traigan/traigáis/saquen/saquéis/hagan/hagáis/abran/abráis/incluyan/añadan, sugiero, sugerencia*
os sugiero, les sugiero, propongo, propuesta, mi propuesta, os propongo, les propongo, una idea, me gustaría que
nos gustaría que, echo en falta, echo de menos, faltaría, falta una opción, falta un botón, falta la opción, añadid
agreguen, pongan, incluid, por qué no ponéis, por qué no ponen, por qué no hacéis, por qué no hacen, por qué no abrís
por qué no abren, por qué no añadís, recomendaría que, os recomiendo que, les recomiendo que, sería útil
vendría bien, no vendría mal, mejoraría si, habría que
"""

# Weighted: strong words count two, others one.
POSITIVE_STRONG = """
excelente*, maravill*, fantástic*, increíble*, espectacular*, perfect*, extraordinari*, magnífic*, sensacional*
impresionante*, fabulos*, insuperable*, inmejorable*, encant*, me encanta, enamorad*, enhorabuena, felicidades
felicitaciones, genial*, brutal, delicios*, riquísim*, buenísim*, guapísim*, graciosísim*, preciosísim*, amor, te amo
los amo, os amo, os adoro, los adoro, adoro, lo mejor, la mejor, el mejor, los mejores, las mejores, un diez, de diez
de lujo, de maravilla, no se paga con dinero, no tiene precio, chévere*, bacán, bacan*, chido, padrísim*, buenazo
sos un genio, sos lo más, son lo más
sois los mejores, sois lo más, un crack, cracks, crack, súper recomendable, muy recomendable, recomiendo ~ todos
recomiendo al 100, lo recomiendo, los recomiendo, la recomiendo, muchas gracias, mil gracias, muchísimas gracias
gracias por todo, agradecid*, emocionad*, feliz, felices, felicidad, ilusión, qué ilusión, alegría, me alegr*
"""
POSITIVE = """
gracias, bueno, buena, buenos, buenas, buen, bien, bonit*, precios*, lind*, hermos*, guap*, rico, rica, ricos, ricas
amable*, atent*, simpátic*, rápid*, cómod*, útil, útiles, fácil, interesante*, divertid*, gust*, me gusta, nos gusta
me mola, mola*, guay, content*, satisfech*, alegr*, orgull*, éxito*, exitazo, gana*, ganamos, victoria, aplauso*
bravo, ole, olé, viva, vamos, ánimo, esperanza, disfrut*, sonrisa*, reír, risa, jaja*, jeje*, divin*, cariño, cariñ*
besos, besitos, beso, abrazo*, querid*, amig*, recomend*, mejor, mejores, súper, top, fiesta, ilusion*, emocion*
suerte, aprend*, acierto, acert*, calidad, eficaz, eficiente*, profesional*, cumpl*, de acuerdo, deseando, ganas de
qué ganas, por fin, crack, sí que vale, vale la pena, merece la pena, tranquil*, copad*, pillo, re bueno, re lindo
piola, buena onda, qué chulo, chul*, molón, fresc*, talento*, inspir*, admir*, apoyo, respeto, bendi*, sabros*
delicia, celebr*, triunf*, logr*, premi*, homenaje, encantador*, tiern*, adorable*, honor, paz, libre, dulce
sueño cumplido, aciert*, favorit*
"""
NEGATIVE_STRONG = """
pésim*, horrible*, terrible*, asco, asqueros*, odio, odi*, vergüenza, vergonzos*, indignante*, indignad*, lamentable*
fatal, nefast*, inaceptable*, intolerable*, estafa*, ladron*, robo, robaron, robad*, sinvergüenza*, mentiros*, basura
porquería, mierda*, puta*, puto*, joder, cabrones, cabrón, gilipoll*, imbécil*, idiota*, estúpid*, inútil*
incompetent*, patétic*, ridícul*, desastr*, repugnante*, insoportable*, horror, tortura, infierno, corrupt*
criminal*, asesin*, muert*, matar, mataron, violen*, terroris*, guerra, tragedia, odiar, hdp, hijo de puta
hijos de puta, deprim*, fracas*, peor, peores, lo peor, la peor, el peor, qué rabia, dolor, sufr*, llorar, llorando
llor*, destroz*, hart*, chafa, malísim*, tristísim*, feísim*, tristeza, amarg*, agoni*, angusti*
"""
NEGATIVE = """
mal, malo, mala, malos, malas, feo, fea, triste*, pena, penos*, lástima, problema*, error*, fallo*, falla*, lento
lenta, lentos, tarde, retras*, demora*, esper*, carísim*, caro, cara dura, abus*, enfad*, enoj*, molest*, molesto
decepcion*, frustra*, cansad*, agotad*, aburrid*, aburre*, rot*, roto, suci*, engañ*, mentir*, mentira*, falso, falsa
falsos, queja*, quejar*, critic*, crític*, culpa, culpable*, preocup*, miedo, nervios*, nervio, estrés, agobi*
duele*, doler, enferm*, fiebre, perder, perdí, perdid*, perdimos, pierd*, perd*, imposible, difícil*, raro, rara
echo de menos, falta*, sin respuesta, nadie, nunca, jamás, no funciona*, no llega*, no puedo, no me gusta, no sirve*
no vale, no entiendo, no soporto, no aguanto, no quiero, tampoco, cancel*, injust*, injusticia, vago*, tont*, bobo
payaso*, loco, locura, odios*, soledad, aburrimiento, grave*, peligro*, crisis, pobre*, despid*, despedid*, multa*
denunci*, acus*, insult*, amenaz*, ridíc*, desgracia*, por desgracia, lamento, lament*, maldit*, maldición, jodid*
jode*, fastidi*, coñazo, mierd*, cutre*, chapuz*, soez, vulgar, de mierda, qué palo, examen*, suspend*, resaca
llueve, ni idea, vaya tela, ojalá no, me cago, bronca, gritos, asust*, terror, destru*, arruin*, empeor*, horrend*
nunca funciona*, amargad*, insomnio, ruido*, traicion*, celos, envidia, rabia, ira, discut*, pelea*, golpe*, herid*
crimen*, delito*, trist*
"""
# Idioms that only look alike: whatever lies inside is not counted.
SHIELD = """
me muero de ganas, me muero de risa, muert* de risa, me parto, me mato de risa, está de muerte, de muerte lenta
para morirse de, morir de amor, me muero de amor, es la bomba, son la bomba, sois la bomba, la bomba, la caña
la hostia, de puta madre, puta maravilla, puto amo, puta ama, puto crack, de locos, una locura de, me vuelve loc*
no está nada mal, nada mal, no está mal, no es para tanto, no hay problema, sin problema*, sin ningún problema
no pasa nada, bien caro, bomba de, brutal, de escándalo, una pasada, qué pasada, buenos días, buenas tardes
buenas noches, buen día, buenas, por favor, el fin del mundo, mal de amores, llorar de risa, lloro de risa
llorando de risa, llorar de emoción, llorar de alegría, llorar de felicidad, mataría por, matar por, nunca falla*
no falla*, no me quejo, sin queja*, no puedo estar más content*, no podría estar más content*, me vais a matar de
demasiado bueno, pobre de mí, más vale tarde que nunca, mejor que nunca, como nunca, sin fallos, sin esperas
rápido y sin, matar el tiempo, matar el hambre, batería de, reservas agotadas, demandad*, alta demanda, mucha demanda
día de los muertos, mejor imposible, imposible mejor, cambio de aceite, a muerte, hasta la muerte
amor a primera vista, de miedo, no puede ser mejor, no podía ser mejor, no puede estar mejor, salir de fiesta
matan de risa
"""
SHIELD_POSITIVE = """
me muero de ganas, me muero de risa, muert* de risa, me mato de risa, está de muerte, morir de amor, es la bomba
son la bomba, sois la bomba, la bomba, la caña, de puta madre, puta maravilla, puto amo, puta ama, puto crack
no está nada mal, nada mal, una pasada, qué pasada, de escándalo, llorando de risa, lloro de risa, llorar de risa
llorar de emoción, llorar de alegría, llorar de felicidad, nunca falla*, no falla*, mejor que nunca, sin fallos
sin esperas, rápido y sin, mejor imposible, imposible mejor, me vuelve loc*, la hostia, no puede ser mejor
no podía ser mejor, no puede estar mejor, sin queja*, no me quejo, no puedo estar más content*
no podría estar más content*
"""
# Thanks that bite: mild evidence of a complaint, only with another sign of trouble.
SARCASM = """
gracias por nada, gracias por dejar*, gracias por hacer* esperar, gracias por arruin*, gracias por perder*
qué bien ~ otra vez, bravo por, felicidades por arruinar
"""

NEGATORS = """
no nunca jamas ni sin tampoco nada apenas
"""
NOT_NEGATED = """
solo se sabemos sabia seguro segura duda dudo
"""

# One of these is enough.
SPAM_STRONG = """
gana dinero, ganar dinero, gana ~ al día, gana ~ euros, gana ~ dólares, dinero fácil, dinero desde casa
ingresos pasivos, inversión garantizada
duplica tu dinero/inversión, duplica tus, visita mi canal, visiten mi canal, mira mi canal, pasen por mi canal
pasaos por mi canal, suscríbete a mi, suscríbanse a mi, suscribiros a mi, sigan mi página, sígueme y te sigo
te sigo si me sigues, link en mi perfil, enlace en mi perfil, link en mi bio, compra seguidores, seguidores gratis
seguidores baratos, iphone gratis, has sido seleccionad*, escríbeme al whatsapp, contáctame al whatsapp
amarres de amor, recuperar a tu ex, préstamo entre particulares, fotos hot, préstamo* rápido*, crédito inmediato
pack gratis, onlyfans, señales de trading, ofrezco mis servicios, ofrecemos servicios de
"""
# These need company: a link, a price, another of them.
SPAM = """
bitcoin*, criptomoned*, plazas limitadas, sin experiencia, desde casa, entra ya, al día desde, cripto, forex
trading, préstamos, ingresos extra, trabaja desde casa, invierte en, sígueme
síganme, mi canal, mi página, mi tienda, mi perfil, haz clic aquí, clic aquí, pincha aquí, link en bio, sorteo gratis
has ganado un, gratis aquí, whatsapp, brujo, vidente, hechizo*, casino, apuestas, viagra, ofertón
promoción exclusiva, descuento exclusivo, oferta exclusiva, mejores precios, compra ya, compra aquí, suscríbete
suscríbanse, visita nuestra/mi/esta, código de descuento
"""
FILLERS = """
jaja* jeje* jiji* jajs* xd* lol primero primera first mira mirad ven vean tu yo si ja a y etiqueto amigos amigas
este esta eso asdf* qwert* probando prueba test jajj* ver chicos chicas hola up q
"""

# What is never quoted back, even from a customer.
RUDE = """
mierd*, puta*, puto*, putísim*, putead*, hdp, hijueputa*, hijo de puta, hijos de puta, cabrón, cabrona*, cabrones
coño*, joder, jodid*, jodan, joda*, gilipoll*, imbécil*, idiota*, estúpid*, subnormal*, retrasad* mental*, tonto del
tontos, tonta, tonto, inútil*, incompetent*, payas*, capull*, pendej*, pelotud*, boludo*, concha, conchatumadre
carajo*, verga*, chinga*, pinche*, culer*, mamón, mamones, huevón, weón, weones, malparid*, gonorrea, maric*, zorra*
guarr*, cerd* de, bastard*, polla*, cojones, me cago, ladron*, sinvergüenza*, chorizo*, estafador*, mentiros*
basura*, escoria, rata*, ratas, asco*, asqueros*, muérete, morid, matar, moro de, negro de, sudaca*, nazi*, fach*
vividor*, vag*, gentuza, analfabet*, patétic*, corrupt*, delincuent*, cobard*, criminal*, hostia*, ostia*, gord*
fe* de, viej* de, loc* de, perr* de
"""
