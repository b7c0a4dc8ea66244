"""English phrases of the rules. The notation is that of `bot.triage.lexicon`."""

from __future__ import annotations

# Critical: one list per danger; the drafter words its holding reply after it.
CRITICAL = {
    "health": """
allergic reaction*, anaphyla*, food poisoning, poisoned, poisoning, got poisoned, in the er, to the er
in the emergency room, to the emergency room, ended up in a e, in a e after, ended up in hospital
in the hospital because, in the hospital after, in hospital after, in hospital because, hospitali*
rushed to hospital, in the emergency room, in the er with, rushed to the hospital, called an ambulance
can't breathe, cannot breathe, couldn't breathe
choked on, is choking, was choking, electrocut*, electric shock, got shocked, caught fire, on fire right now
burst into flames, battery exploded, it exploded, exploded in, burned my, burnt my, burned my hand
second degree burns, smell of gas, smell gas, smells of gas, gas leak
glass in my/the/her/his/our food/salad/drink/soup/meal/sandwich/burger/pizza/cake/bread/pasta/dessert/yogurt/coffee
metal in my/her/his/our sandwich/burger/pizza/cake/bread/pasta/dessert, cut my/her/his mouth/lip/lips/tongue/gums
gave/given me/her/him/us burns, burned/burnt her/his/our skin/hand/hands/face/mouth, chemical burn*
shard of glass, shards of glass, piece of glass, pieces of glass
metal in my food, salmonella, listeria, e coli, vomiting blood, throwing up blood, seizure*, passed out
lost consciousness, heart attack, throat swelled, throat is swelling, face swelled, tongue swelled, almost killed
nearly killed, could have killed, could have died, almost died, nearly died, someone will die, people will die
someone could die, has died, passed away after, seriously injured, badly injured, severe injury, bleeding
brakes failed, brakes don't work, the brakes ~ fail*, airbag didn't, airbag did not, safety hazard, fire hazard
carbon monoxide, toxic fumes, rat poison
""",
    "self_harm": """
kill myself, killing myself, want to die, wanna die, end my life, ending my life, take my own life, suicid*
don't want to live, dont want to live, do not want to live, no reason to live, nothing to live for, hurt myself
hurting myself, cut myself on purpose, self harm*, better off dead, end it all
""",
    "violence": """
threatened my/our wife/husband/partner/mother/mum/mom/father/dad/son/daughter/kid/kids/child/children
threatened my/our girlfriend/boyfriend
threatened to hit/beat/hurt/attack/punch/stab
kill you, kill you all, going to kill, gonna kill you, i'll kill, death threat*, threatened to kill, bomb threat
there is a bomb, there's a bomb, plant a bomb, burn your/the store/shop/office/building/place down, burn it down
shoot up, mass shooting, with a gun, at gunpoint, with a knife, was stabbed, stabbed me, assaulted, assault by
physically attacked, punched me, hit me in, pushed me to the, sexually assaulted, sexual assault, sexual harassment
sexually harassed, raped, groped, stalking me, followed me home, following me home, i will find you, i will hurt
beat me up, animal abuse, abusing ~ dog*, abusing ~ animal*
""",
    "data": """
data breach*, data leak*, leaked my data, my data was leaked, my data leaked, leaked our data
personal data ~ exposed, exposed my data, exposed our data, data exposed, other people's data, someone else's data
other customers data, another customer's, other customers orders, someone else's order history, see other people's
seeing other people's, someone else's account details, stolen data, stole my data, security breach
published my address, posted my address, doxx*, doxed, sold my data, selling my data, leaked passwords
password leak*
""",
    "discrimination": """
racis*, racial profil*, racially profil*, homophob*, transphob*, xenophob*, discriminat*, sexist*, antisemit*
anti semitic, islamophob*, ableist, because i'm black, because i am black, because i'm gay, because i am gay
because i'm a woman, because i am a woman, because of my race, because of his race, because of her race
because of my skin, because of the color of, because of my religion, because of my disability
because of my wheelchair, because i'm in a wheelchair, because i'm muslim, because i'm trans
refused to serve ~ because, racial slur*, homophobic slur*, hijab and
""",
    "legal": """
my lawyer*, my attorney*, my solicitor*, our lawyer*, our attorney, see you in court, take you to court
taking you to court, going to court, legal action, sue you, sue your, suing you, i'm suing, i am suing, will sue
going to sue, gonna sue, lawsuit*, class action, small claims court, pressing charges, press charges
filed a police report, going to the police, reported you to the police, cease and desist, legal proceedings
trading standards, file a complaint with the ftc, hear from my
""",
    "minors": """
child ~ danger, children ~ danger, kids ~ danger, toddler ~ swallowed, child ~ swallowed, baby ~ swallowed
son swallowed, daughter swallowed, kid swallowed, my son ~ hospital, my daughter ~ hospital, my baby ~ hospital
my child ~ hospital, my toddler ~ hospital, baby ~ choked, son ~ choked, daughter ~ choked, toddler ~ choked
choking hazard, pedophil*, paedophil*, child porn*, child abuse, grooming a/my/our, alcohol to minors
alcohol to kids, selling ~ to minors, sold ~ to a minor, underage girl*, child labor, child labour, missing child
""",
}

HIGH = {
    "journalist": """
i'm a journalist, i am a journalist, i'm a reporter, i am a reporter, reporter with, reporter for, reporter at
journalist with, journalist for, journalist at, producer at, producer with, writing a story, working on a story
writing an article about, for a story, for an article, request for comment, requesting comment, media inquiry
media enquiry, press inquiry, press enquiry, press contact, press office, statement from the company
would you comment on, on the record, interview with your, freelance journalist
""",
    "money": """
charged me twice, charged twice, charged ~ two times, charged ~ twice, payment two times, payment twice
double charged, double charge, charged me double, overcharged, over charged
charged without, unauthori* charge*, unauthori* payment*, unauthori* transaction*, charge i didn't, charges i didn't
charge i did not, took money from my, took my money, taken my money, taken from my account, stole my money
stole from me, stolen money, you robbed, got robbed, i was robbed, scammed me, got scammed, been scammed, was scammed
i've been scammed, emptied my account, drained my account, money is gone, money disappeared, won't refund
wont refund, refuse to refund, refused to refund, refuses to refund, never refunded, no refund, still charging me
keep charging me, kept charging me, charged me again, still being charged, where is my money, where's my money
where is my refund, where's my refund
""",
    "stranded": """
stranded, stuck at the airport, stuck in the airport, stuck at ~ airport, stuck on the plane, stuck on the tarmac
stuck on a plane, stuck on the runway, stuck in the elevator, stuck in the lift, sitting on the tarmac
on the tarmac for, trapped in, trapped on, nowhere to sleep, nowhere to stay, sleeping in the airport
slept in the airport, sleep at the airport, no way home, no way to get home, can't get home, cannot get home
left on the side of the road, left me on the street, no heat for, without heat, without power, without water
missed our connection, missed my connection, missed connection*, with no hotel, no hotel
""",
    "hacked": """
been hacked, got hacked, was hacked, account hacked, hacked my, hacked account, hacker*, account was compromised
account compromised, has been compromised, someone logged into my, someone accessed my, someone else is using my
logged in from, stole my account, account stolen, stolen account, phishing, impersonat*, fake account ~ pretending
pretending to be you, purchases i didn't make, purchases i did not make, identity theft, locked out of my account by
""",
    "repeated": """
third time, fourth time, fifth time, for the third, for the fourth, for the fifth, 3rd time, 4th time, 5th time
10th time, hundredth time, nth time, third email, third message, third call, called ~ times, emailed ~ times
written ~ times, messaged ~ times, asked ~ times, contacted you ~ times, no response, no reply, never replied
never responded, never answered, no one answers, nobody answers, no one replies, nobody replies, no one responds
nobody responds, keep ignoring, being ignored, you ignore, ignoring me, still no answer, still no reply
still no response, still waiting for a reply, still waiting for an answer, weeks and no, days and no, months and no
been months, for months
""",
    "vulnerable": """
wheelchair*, disabled, disability, elderly, my grandmother, my grandfather, my 80, my 90, year old mother
year old father, year old grandmother, i'm pregnant, i am pregnant, pregnant wife, wife is pregnant, autistic, autism
cancer patient, has cancer, have cancer, with cancer, chemo*, on oxygen, blind, deaf, celiac, coeliac, diabetic
insulin, epilep*, allergic to, severe allergy, nut allergy, peanut allergy, funeral, widow*, grieving
just had surgery, post surgery, special needs, medication in, needs medication, unaccompanied minor
""",
}

COMPLAINT = """
ripped, torn, cracked, leaking, leaks, fell apart, falling apart, came apart, stained, rusty, scratched, dented
peeling, a hole in, doesn't work, does not work, doesnt work, don't work, dont work, not working, stopped working
isn't working, won't work, won't load, won't open, wont let me, won't let me, doesn't let me, can't log, cannot log
can't login, can't pay, can't get, can't even, can't reach, can't access, can't use, can't book, can't check
cannot access, unable to, impossible to, no way to reach, why can't, why can i not, why won't, why doesn't, why don't
why isn't, why is it so, never arrived, never came, never received, haven't received, have not received
didn't arrive, hasn't arrived, has not arrived, didn't receive, not arrived, still waiting, been waiting
waiting for ~ hours, waiting for ~ days, waiting ~ weeks, waited ~ hours, waited ~ weeks, on hold, hung up on
hours on hold, hour wait, hour late, hours late, arrived late, arrived broken, arrived damaged, came broken
came damaged, is late, late again, late flight*, delay*, cancelled, canceled, cancellation*, cancelled flight*
cancelled my, canceled my, lost my, lost our, lost luggage, lost bag*, lost baggage, missing bag*, missing item*
wrong order, wrong item, wrong size, sent me the wrong, scam, scammer*, rip off, ripoff, fraud*, thieves, liar*
lied to, lied, lying, misleading, false advertising, broken, broke after, broke within, defective, faulty, damaged
crash*, keeps crashing, freezes, error message, glitch*, bug, buggy, expired, rotten, mold, mould, moldy, raw, stale
cold food, hair in my, cockroach*, filthy, dirty, gross, disgusting, poor quality, bad quality, poor service
poor customer, bad service, bad customer, terrible, horrible, awful, worst, worst service, pathetic, unacceptable
ridiculous, disgrace*, shame on, shameful, disaster, nightmare, garbage, trash, rubbish, useless, joke, rude
unprofessional, unhelpful, disrespectful, treated ~ like, disappoint*, frustrat*, fed up, sick of, tired of
complaint*, complain*, refund*, my money back, double charge, charged ~ twice, payment two times, want it back
one ~ short, go back to the old, want my money, never again, never buying, never flying, never using
never coming back, won't be back, will not be back, won't be flying, won't buy, not recommend, don't recommend
wouldn't recommend, do not recommend, don't buy, do not buy, don't bother, avoid, waste of, wasted, cancel my
closing my account, switching to, overpriced, too expensive, extortionate, hidden fee*, no help, not helpful
didn't help, no one ~ help*, nobody ~ help*, no answer, no response, no reply, ignored, ignoring, incompetent
incompetence, not happy, unhappy, not impressed, not acceptable, not good enough, not cool, not ok, not okay, fail
failed, failing, problem with, problems with, issue with, issues with, bad experience, overbook*, overcharg*, stuck
stranded
"""

QUESTION = """
does anyone know, anyone know, do you know, wondering if, wondering whether, i wonder if, wanted to ask, want to ask
quick question, a question, have a question, got a question, i'd like to know, would like to know, want to know
need to know, can you tell, could you tell, can you please tell, could you please tell, can you let me know
let me know if, please advise, please let me know, how do i, how can i, how do you, how much is, how much are
how much does, how long does, how long is, how late, how early, what time, what are your, what is your, what's the
where can i, where do i, where is the, when do you, when does, when will, when is, is there a, is there any
are there any, do you have, do you sell, do you ship, do you deliver, do you offer, do you accept, do you guys
can i use, can i bring, can i get, could i get, could i have, is it possible, more info, more information
any idea when, any idea how, any update on, any chance
"""

INTERROGATIVE = """
what, who, how, where, when, why, which, whose, what's, how's, where's, who's, when's, is, are, do, does, did, can
could, will, would, should, has, have, may, am, any, anyone, was, were
"""

SUGGESTION = """
would be a good/great/nice/brilliant idea to, would be a good/great/nice/brilliant idea if
could you bring back, can you bring back, bring back the, you should, you guys should, they should
you could add/make/offer/open/include/try/bring/put, would be great if, would be nice if, would be cool if
would be awesome if, would be good if, would be better if, would be helpful if, it'd be great, it'd be nice
could you add/include/put/offer/bring, would be great to, would be nice to, would be lovely if, would be lovely to
i suggest, i'd suggest, suggestion*, may i suggest, my suggestion, i propose
proposal, an idea for, here's an idea, idea for you, how about adding/making/opening/a/an, what about adding
please add, please bring back, please consider, consider adding, consider making, consider offering, why not add
why don't you add/make/offer/open/sell/put/bring, i wish you had, i wish you would, i wish there was
i wish there were, wish you had, wish you would, i'd love to see, would love to see, i'd love it if
i would love it if, could use a, feature request, needs a, ought to, it would help if, hope you add, hope you bring
you need to add, should add, should have an option
"""

POSITIVE_STRONG = """
excellent, amazing, awesome, fantastic, wonderful, incredible, outstanding, perfect, perfectly, brilliant, superb
exceptional, phenomenal, fabulous, love, loved, loving, lovely, best, the best, thank you so much, thanks so much
thank you for, thanks for the, many thanks, highly recommend, would recommend, definitely recommend, i recommend
delicious, beautiful, gorgeous, impressed, kudos, props to, shout out, shoutout, rock, you rock, rocks, hero, heroes
lifesaver, saved my day, made my day, made my, exceeded, above and beyond, delighted, thrilled, grateful, so happy
can't wait, cannot wait, congrat*, congratulations, five stars, 5 stars, 10 10, 5 5, well done, great job
great service, great flight, good job, nailed it, killing it, class act, appreciate*
"""
POSITIVE = """
thanks, thank, thx, ty, thank you, great, good, nice, cool, happy, glad, enjoy*, fun, pleased, pleasant, friendly
kind, helpful, fast, quick, easy, smooth, comfortable, clean, fresh, tasty, yummy, yum, cute, sweet, better, improved
win, winner, winning, yay, woohoo, woo, hooray, wow, excited, exciting, looking forward, interesting, impressive
useful, fair, worth it, recommend, like it, i like, like your, liked, favorite, favourite, fan, proud, hope
hopefully, lucky, success*, super, smile*, laugh*, haha, hahah*, lol, fab, ace, legend, bravo, cheers, polite
professional, awesome, positive, satisfied, safe, fixed, resolved, solved, welcome, respect, inspir*, beaut*, elegant
on time, early, upgrade*, loyal, blessed, stoked, dope, fire, sick beat, neat, classy, appreciated, perfect
yes please, attentive, courteous, quality, rad, swag, xoxo, hug*, congrats
"""
NEGATIVE_STRONG = """
terrible, horrible, awful, worst, hate, hated, hating, disgusting, disgrace*, pathetic, unacceptable, ridiculous
useless, garbage, trash, rubbish, scam*, fraud*, thieves, liar*, lied, lies, nightmare, disaster, appalling
atrocious, shameful, shame on, shame, joke, incompeten*, idiot*, stupid, moron*, dumb, fuck*, wtf, bullshit, bs
shit*, crap*, sucks, suck, sucked, damn, hell, rude, furious, angry, pissed, outrage*, livid, insulting, insane
never again, fed up, sick of, ripoff, rip off, steal, stole, stolen, robbed, worse, evil, kill*, die, dead, abysmal
dreadful, horrendous, ruined, ruin, miserable, unbelievable, fail, fails, failed, failing, failure, epic fail
absolutely no, beyond frustrat*, so frustrat*, very frustrat*, not happy, screwed, screwing
"""
NEGATIVE = """
bad, poor, poorly, sad, sadly, unfortunately, problem*, issue*, error*, bug, buggy, broken, broke, slow, late, delay*
cancel*, lost, losing, missing, missed, wait, waiting, waited, on hold, hold for, hung up, hang up, expensive
overpriced, disappoint*, frustrat*, annoy*, upset, tired, sick, boring, bored, dirty, gross, nasty, ugly, wrong
mistake*, complain*, complaint*, refund*, ignored, ignoring, ignore*, never, nobody, no one, nothing, can't, cannot
can not, unable, impossible, won't, doesn't work, not working, didn't, don't, doesn't, isn't, wasn't, haven't, hasn't
no response, no answer, no reply, no help, hard to, difficult, confus*, worried, worry, fear, scared, pain, hurt*
damage*, crash*, stuck, stranded, trapped, stress*, unfair, unhappy, unhelpful, waste*, avoid, regret, lame, weak
weird, how come, please help, need help, still no, still waiting, no longer, not even, denied, refuse*, charged, fee
fees, overbook*, mechanical, diverted, rebook*, reschedul*, lack, lacks, third time, supposed to, so much for
get it together, fix your, should have, misle*, unprofessional, cramped
"""
SHIELD = """
killing it, killed it, to die for, dying of laughter, dying laughing, i'm dying, sick beat*, the bomb, da bomb
on fire, fire emoji, no problem*, no issues, no complaints, not bad, not bad at all, never fails, never disappoint*
no worries, can't wait, cannot wait, can't complain, cannot complain, can't stop, can't get enough
couldn't be happier, could not be happier, couldn't be better, never better, better than ever, without any problem*
without a problem, without problem*, without any issue*, problem solved, problem free, hassle free, good morning
good evening, good afternoon, good night, please, how nice, damn good, crazy good, insanely good, shit ton of love
the shit, hell yes, hell yeah, dead gorgeous, drop dead, bad boy*, bad girl*, bad romance, killer deal, love is blind
blind date, blind test, blind box, deaf ears, turn a blind, crash course, stranded cable, cold brew, brute force
customer service, customer care, so good, dead serious, over my dead body, shut up and take my, killer*, night owl
thank you, thanks, wouldn't hurt
"""
SHIELD_POSITIVE = """
killing it, killed it, to die for, the bomb, da bomb, on fire, no complaints, not bad, not bad at all, never fails
never disappoint*, can't wait, cannot wait, can't complain, cannot complain, can't stop, can't get enough
couldn't be happier, could not be happier, couldn't be better, never better, better than ever, without any problem*
without a problem, without any issue*, problem solved, hassle free, damn good, crazy good, insanely good, the shit
hell yes, hell yeah, drop dead gorgeous, so good, thank you, thanks, no issues, how nice
"""
SARCASM = """
thanks for nothing, thanks for ruining, thanks for making ~ miss, thanks for the delay, thanks for losing
thanks for breaking, thanks for wasting, thanks for cancel*, thanks for leaving, great job ~ losing
great job ~ cancel*, way to go, nice job losing, well done on losing, awesome job losing, thanks a lot for
gee thanks, oh great, just great, great another, love waiting, love how you
"""

NEGATORS = """
not no never without nor neither nothing nobody hardly barely isn't wasn't aren't weren't don't doesn't didn't won't
wouldn't can't, couldn't cannot haven't hasn't hadn't shouldn't isnt wasnt dont doesnt didnt wont cant aint ain't
"""
NOT_NEGATED = """
sure only know just idea doubt wonder certain
"""

# One of these is enough.
SPAM_STRONG = """
check out my, check it out, check this out, check out this, my channel, our channel, giving away free
check my channel, check my video, check my new, check out our, check out this video/channel/playlist/site/website
my new channel, my youtube channel, on my channel, my channel please, subscribe to my, subscribe to me, subscribe me
please subscribe, subscribe please, subscribe to our, sub to my, sub to me, sub 4 sub, sub4sub, sub for sub
subscribe back, sub back, please sub, visit my channel/page/profile/site/website/store
go to my channel/page/profile/site/website, look at my channel/page/videos, come to my, follow me on
follow for follow, follow back, f4f, l4l, like for like, make money online, make money from home, earn money
make extra money, work from home and, get rich quick, free followers, buy followers, real followers
grow your page/account/followers/instagram, free iphone, free gift card*
link in my bio, click my, hot girls, spell caster, love spell, guaranteed profit*, binary options, trading signals
loan offer, no credit check, you've been selected, whatsapp me, give my channel, give us a chance, give me a chance
watch my video*, listen to my, my music video, my first video, my latest video, my new song, my new video
my cover of, dm me for, vote for me, i'm a rapper
"""
# These need company: a link, a price, another of them.
SPAM = """
my videos, my page, my song, my remix, my cover, our video, our music, subscribe, subs, subscriber*, check out
click here, click on, click the link, click this, link in bio, link below, follow me, thumbs up, thumbs up if
like this comment, please like, like if you, share this, make money, extra cash, per day from, passive income
invest with, giveaway, gift card*, bitcoin*, crypto, cryptocurrency, forex, nft, casino, betting, viagra, cialis
weight loss, lose weight, onlyfans, promo code, discount code, use code, best price, cheap ~ online, donate, vote for
free download, download free, sign up, win a free, you have won, limited offer, limited time offer, up and coming
new artist, playlist, youtuber
website, facebook page, giving away, my name is, please help me, text me on, my profile
"""
FILLERS = """
lol asdf* qwert* test testing haha* hehe* lmao* rofl first second omg look see this you me us guys up tag tagging yes
ha a ok hi hey
"""

# What is never quoted back, even from a customer.
RUDE = """
fuck*, fck*, fk, shit*, bullshit, bs, crap*, damn*, hell, ass, asses, asshole*, arse*, bitch*, bastard*, dick*, cock*
cunt*, prick*, piss*, slut*, whore*, wank*, twat*, bollocks, bugger*, motherf*, mf, wtf, stfu, idiot*, moron*
stupid*, dumb*, imbecile*, retard*, clown*, loser*, incompetent*, useless, pathetic, scum*, trash, garbage, pigs
thieves, thief, liar*, lying, crook*, criminal*, corrupt*, scammer*, fraudster*, nazi*, fag*, nigg*, spic*, chink*
paki*, tranny, kill*, die, rape*, rapist*, lazy, morons, cowards, ugly, fat, suck*
"""
