"""Everyday words: never corrected into market words, and never read as tickers in small letters."""

from __future__ import annotations

COMMON_WORDS = frozenset(
    """about above across actually after again against almost along already also although always among
    another anyone anything around asked asking because become been before began begin being below
    better between beyond both bring brought build built business called came cannot cause change
    changing changed check child clear close closed come coming could country course current days
    deal decide detail details different doing done down during each early either else enough even
    ever every everyone example explain fact fairly family feel feeling few find first follow
    following four friend friends from further gave general getting give given giving goes going gone
    good great group grow half hand happen happened happening hard have having heard help here high
    himself hold home house however idea important inside instead into issue itself just keep kind
    knew know known large later least leave left less letter level life light like line little live
    long look looking looks made main make making many matter maybe mean means might mind minute
    moment more morning mother much must myself name near need needs never news next night nothing
    number offer often once only open other others our outside over own paper part people perhaps
    person place plan play please point possible power present pretty probably problem public put
    question questions quick quite rather read ready real really right room said same second see seem
    seems seen send sense set several shall short should shown side simple simply since small some
    someone something sometimes soon sound speak stand start started state stay still stop story
    street such sure take taken taking talk tell than thank that their them then there these they
    thing things think thinking this those thought three through time times together told tomorrow
    took toward town tried true try trying turn turned under understand until upon usually very wait
    walk want wanted wants water week well went were what whatever when where whether which while
    white whole whose will with within without woman women wonder word words work working world would
    write writing wrote year years yeah yesterday young your yours right might tight light sight
    master plaster faster easter dates states plates crates grates mates gates hates later layer
    paste taste waste haste bigger digger single signal singer finger lately rarely barely really
    sharp share sheet shell shift shirt shoot shore shout skill sleep slice slide smart smell smile
    smoke snake sound south space spare spark speed spend spoke sport staff stage stake stare steal
    steam steep stick stiff storm stuff style sugar super sweet table teach teeth tired title touch
    tough tower trace track trade trail train treat trial tribe trick truck truly trust truth twice
    uncle union usual value video virus visit vital voice waste watch wheel white wrist wrong youth
    a an am any are art as ask at ate bad bag bar bat bed bee beg bet bid big bit box boy bug bus but
    buy by can cap car cat cut dad day did die dig dim dip do dog dot dry due ear eat egg end eye far
    fan fat fee few fit fix fly fog for fun gap gas gee get god got gun guy had has hat he hen her hey
    him hip his hit hot how ice if ill imp in ink is it its jam job joy key kid lab lap law lay leg
    let lie lip lot low mad man map mat may me men met mix mom mud my nab net new nice no nod nor not
    now nut odd of off oil old on one or our out owe own pan pay pen pet pie pig pin pit pot pow put
    ran rat raw red rid rip row rub run sad sat saw say sea see set she sip sit six sky so son sum sun
    tap tax tea ten the tie tin tip to toe ton too top toy try tub two up us use van vet vix vnd war
    was wax way we wet who why win won yes yet you zip area army auto baby back ball band bank bare
    base bath bean bear beat been beer bell belt best beta bird blue boat body bold bomb bond bone
    book boom born boss both bowl bull burn busy cafe cage cake call calm camp card care cars case
    cash cast cats cent chef chip city clay clip club coal coat code coin cold cool cope copy core
    corn cost crew crop cube cure cute dark data date dawn dead deaf dear debt deep deny desk dial
    diet dirt dish dock does doll door dose down draw drop drug drum dual duck dull dumb dust duty
    each earn east easy edge else emit envy euro even ever evil exam exit expo eyes face fact fade
    fail fair fake fall fame fans farm fast fate fear feed feel feet file fill film find fine fire
    firm fish five flag flat flow fold folk food fool foot ford form fort four free from fuel full
    fund gain game gate gear gene gift girl give glad goal goat goes gold golf good goto grab gray
    grew grey grow guru hair half hall hand hang hard harm hate have head heal hear heat held hell
    help here hero hide high hill hint hire hold hole holy home hook hope horn host hour huge hunt
    hurt idea idle inch indy info iron item jack java join joke jump june jury just keen keep kick
    kids kill kind king kiss knee knew know lack lady lake land lane last late lazy lead leaf lean
    left lend less life lift like line link lion list live load loan lock logo long look loop lord
    lose loss lost loud love luck made mail main make male many maps mara mark mars mask mass mate
    meal mean meat meet mega menu mess meta mild mile milk mill mind mine mini mint miss mode mood
    moon more most move much must name navy near neck need nest news nice nine none noon nose note
    okay once only onto open oral oven over pace pack page paid pain pair pale palm park part pass
    past path peak pick pile pine pink pipe plan play plot plus poem poet pole poll pool poor port
    post pour pray prim pull pump pure push race rain rank rare rate read real rear rely rent rest
    rice rich ride ring rise risk road rock role roll roof room root rope rose rule rush safe said
    sage sail sale salt same sand save seal seat seed seek seem self sell send sent ship shoe shop
    shot show shut sick side sign silk site size skin slip slow snow soap soft soil sold sole some
    song soon sort soul soup spin spot spy star stay stem step stop such suit sure swat swim tail
    take tale talk tall tank tape task taxi team tear tech tell tend tent term test text than that
    them then they thin this thus till time tiny told toll tone took tool tops torn tour town toys
    tram trap tray tree trim trin trip true tube tune turn twin type ugly unit upon used user vary
    vast very vice view vote wage wait wake walk wall want ward warm warn wash wave ways weak wear
    week well went were west what when whom wide wife wild will wind wine wing wins wire wise wish
    with wolf wood word wore work worm worn wrap yard yeah year your zero zinc zone inet mini mika
    buka bola kota kios duty kaef nato pool sini apa toba adro asri ayam bali beli bata tele link
    ban ben ca cac cai cam can cao cap cat cau chi cho chu co con cu cua cung cuoi da dai dan dang
    dau day dem den deu di dia dien do doi don dong du dua duoc em ga gan gap ghi gi gia giu go hai
    han hang hay hen het ho hoa hoc hoi hom hon hop im kem keo khac khi kho khoa kia kien la lai lam
    lan lau len lo loi lon long lua luc luon ma mai man mang mau may me mua mui muon nam nan nay nen
    ngan nghe ngoai nguoi nhan nhat nhe nhin nho nhu no noi nua ong phai pham phan phe phu qua quan
    quen ra rang rat roi rong sao sau se sinh so som ta tac tai tam tan tang tap tat tau tay ten thay
    the them theo thi thich thu ti tien tim tin to toi ton tot tra tran trang tren tri tro trong tu
    tuan tung tuoi va van vao ve vi viec vo voi vua vui xa xem xin xong xua xuat xuong y yen""".split()
)
