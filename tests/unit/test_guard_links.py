"""Links lead to our own domains only, however they are dressed up."""

import pytest

from bot.core.links import find_hosts, foreign_among

OURS = frozenset({"marca.example", "españa-tienda.es", "www.shop.com"})

FOREIGN = """
https://evil.com
http://evil.com/marca.example
Mira www.evil.net/oferta
evil.org
https://marca.example.evil.com/login
https://marca.example@evil.com/
https://evil.com\\@marca.example
https://notmarca.example.co
https://mymarca.example/x
hxxp://evil.com
evil[.]com
evil(dot)com
evil dot com
evil punto com
https://xn--80ak6aa92e.com
https://mаrca.example/
http://192.168.0.1/x
http://3232235521/
https:/evil.com
javascript:alert(1)
[marca.example](https://evil.com)
http://marca.example:pass@evil.com:8080/
t.me/algo
bit.ly/3abc
evil。com
ftp://evil.com/a
HTTPS://EVIL.COM
""".strip().splitlines()

FINE = """
https://marca.example
https://marca.example/ayuda?x=https
https://ayuda.marca.example/pedidos
www.marca.example
https://MARCA.example:443/
https://españa-tienda.es/
https://xn--espaa-tienda-dhb.es/
https://shop.com
shop.com/rebajas
Escríbenos a ayuda@marca.example
Escríbenos a ayuda@otra.com
Lo siento.La tienda abre mañana
Son 12.50 euros
Abrimos de 9.30 a 14.00
Ya está en EE.UU. y en la U.E.
El archivo se llama factura.pdf
Usamos node.js
Gracias...
Sr. García, gracias
a.m. o p.m.
y/o
v2.0.1
""".strip().splitlines()


@pytest.mark.parametrize("text", FOREIGN)
def test_a_link_to_a_domain_that_is_not_ours_is_found(text: str) -> None:
    assert foreign_among(find_hosts(f"Hola, {text} gracias"), OURS)


@pytest.mark.parametrize("text", FINE)
def test_our_own_domains_and_what_is_no_link_pass(text: str) -> None:
    assert foreign_among(find_hosts(f"Hola: {text}"), OURS) == ()


def test_the_host_is_the_one_that_a_browser_would_go_to() -> None:
    assert find_hosts("https://a.example@b.example:80/c?d=e.example")[0][1] == "b.example"


def test_an_international_name_and_its_ascii_form_are_one_domain() -> None:
    assert foreign_among(find_hosts("https://españa-tienda.es"), {"xn--espaa-tienda-dhb.es"}) == ()
