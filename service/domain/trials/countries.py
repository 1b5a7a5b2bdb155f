"""Countries by ISO 3166 code: the English names, and the names that the registry uses or once used.

Other languages have names of their own: whoever shows a country asks the reader's `Language` by its code.
"""

from service.domain.trials.text import fold

# One country a line: code, its name (of Unicode CLDR, or a plainer one), other names.
_TABLE = """
AD Andorra
AE United Arab Emirates
AF Afghanistan
AG Antigua & Barbuda | Antigua and Barbuda
AI Anguilla
AL Albania
AM Armenia
AO Angola
AQ Antarctica
AR Argentina
AS American Samoa
AT Austria
AU Australia
AW Aruba
AX Åland Islands
AZ Azerbaijan
BA Bosnia & Herzegovina | Bosnia and Herzegovina
BB Barbados
BD Bangladesh
BE Belgium
BF Burkina Faso
BG Bulgaria
BH Bahrain
BI Burundi
BJ Benin
BL St. Barthélemy | Saint Barthelemy
BM Bermuda
BN Brunei | Brunei Darussalam
BO Bolivia | Bolivia, Plurinational State of
BQ Caribbean Netherlands
BR Brazil
BS Bahamas | The Bahamas
BT Bhutan
BV Bouvet Island
BW Botswana
BY Belarus
BZ Belize
CA Canada
CC Cocos (Keeling) Islands
CD Democratic Republic of the Congo | Congo - Kinshasa | Congo, The Democratic Republic of the
CF Central African Republic
CG Republic of the Congo | Congo - Brazzaville | Congo
CH Switzerland
CI Côte d’Ivoire | Côte d'Ivoire
CK Cook Islands
CL Chile
CM Cameroon
CN China
CO Colombia
CR Costa Rica
CU Cuba
CV Cape Verde | Cabo Verde
CW Curaçao
CX Christmas Island
CY Cyprus
CZ Czechia | Czech Republic
DE Germany
DJ Djibouti
DK Denmark
DM Dominica
DO Dominican Republic
DZ Algeria
EC Ecuador
EE Estonia
EG Egypt
EH Western Sahara
ER Eritrea
ES Spain
ET Ethiopia
FI Finland
FJ Fiji
FK Falkland Islands | Falkland Islands (Malvinas)
FM Micronesia | Micronesia, Federated States of | Federated States of Micronesia
FO Faroe Islands
FR France
GA Gabon
GB United Kingdom | Great Britain | UK | England | Scotland | Wales | Northern Ireland
GD Grenada
GE Georgia
GF French Guiana
GG Guernsey
GH Ghana
GI Gibraltar
GL Greenland
GM Gambia | The Gambia
GN Guinea
GP Guadeloupe
GQ Equatorial Guinea
GR Greece
GS South Georgia & South Sandwich Islands
GT Guatemala
GU Guam
GW Guinea-Bissau
GY Guyana
HK Hong Kong
HM Heard & McDonald Islands
HN Honduras
HR Croatia
HT Haiti
HU Hungary
ID Indonesia
IE Ireland
IL Israel
IM Isle of Man
IN India
IO British Indian Ocean Territory
IQ Iraq
IR Iran | Iran, Islamic Republic of
IS Iceland
IT Italy
JE Jersey
JM Jamaica
JO Jordan
JP Japan
KE Kenya
KG Kyrgyzstan
KH Cambodia
KI Kiribati
KM Comoros
KN St. Kitts & Nevis | Saint Kitts and Nevis
KP North Korea | Korea, Democratic People's Republic of
KR South Korea | Korea, Republic of | Republic of Korea | Korea
KW Kuwait
KY Cayman Islands
KZ Kazakhstan
LA Laos | Lao People's Democratic Republic
LB Lebanon
LC St. Lucia | Saint Lucia
LI Liechtenstein
LK Sri Lanka
LR Liberia
LS Lesotho
LT Lithuania
LU Luxembourg
LV Latvia
LY Libya | Libyan Arab Jamahiriya
MA Morocco
MC Monaco
MD Moldova | Moldova, Republic of
ME Montenegro
MF St. Martin | Saint Martin | Saint Martin (French part)
MG Madagascar
MH Marshall Islands
MK North Macedonia | Macedonia, The Former Yugoslav Republic of | Macedonia
ML Mali
MM Myanmar | Myanmar (Burma) | Burma
MN Mongolia
MO Macao | Macau
MP Northern Mariana Islands
MQ Martinique
MR Mauritania
MS Montserrat
MT Malta
MU Mauritius
MV Maldives
MW Malawi
MX Mexico
MY Malaysia
MZ Mozambique
NA Namibia
NC New Caledonia
NE Niger
NF Norfolk Island
NG Nigeria
NI Nicaragua
NL Netherlands | The Netherlands
NO Norway
NP Nepal
NR Nauru
NU Niue
NZ New Zealand
OM Oman
PA Panama
PE Peru
PF French Polynesia
PG Papua New Guinea
PH Philippines
PK Pakistan
PL Poland
PM St. Pierre & Miquelon
PN Pitcairn Islands
PR Puerto Rico
PS Palestinian Territories | Palestinian Territories, Occupied | Palestinian Territory, occupied | Palestine
PT Portugal
PW Palau
PY Paraguay
QA Qatar
RE Réunion
RO Romania
RS Serbia | Serbia and Montenegro | Former Serbia and Montenegro
RU Russia | Russian Federation
RW Rwanda
SA Saudi Arabia
SB Solomon Islands
SC Seychelles
SD Sudan
SE Sweden
SG Singapore
SH St. Helena
SI Slovenia
SJ Svalbard & Jan Mayen
SK Slovakia
SL Sierra Leone
SM San Marino
SN Senegal
SO Somalia
SR Suriname
SS South Sudan
ST São Tomé & Príncipe | Sao Tome and Principe
SV El Salvador
SX Sint Maarten
SY Syria | Syrian Arab Republic
SZ Eswatini | Swaziland
TC Turks & Caicos Islands
TD Chad
TF French Southern Territories
TG Togo
TH Thailand
TJ Tajikistan
TK Tokelau
TL Timor-Leste | East Timor
TM Turkmenistan
TN Tunisia
TO Tonga
TR Türkiye | Turkey | Turkey (Türkiye)
TT Trinidad & Tobago | Trinidad and Tobago
TV Tuvalu
TW Taiwan | Taiwan, Province of China
TZ Tanzania | Tanzania, United Republic of
UA Ukraine
UG Uganda
UM U.S. Outlying Islands
US United States | United States of America | USA
UY Uruguay
UZ Uzbekistan
VA Vatican City | Holy See (Vatican City State)
VC St. Vincent & Grenadines | Saint Vincent and the Grenadines
VE Venezuela | Venezuela, Bolivarian Republic of
VG British Virgin Islands
VI U.S. Virgin Islands | Virgin Islands (U.S.) | Virgin Islands, U.S.
VN Vietnam | Viet Nam
VU Vanuatu
WF Wallis & Futuna
WS Samoa
XK Kosovo
YE Yemen
YT Mayotte
ZA South Africa
ZM Zambia
ZW Zimbabwe
"""

NAMES = {line[:2]: line[3:].split(" | ")[0] for line in _TABLE.split("\n") if line}
_CODES = {fold(name): line[:2] for line in _TABLE.split("\n") if line for name in line[3:].split(" | ")}


def country_code(name: str) -> str | None:
    """The ISO 3166 code of a country by any of its names or by its code; None when it isn't known."""
    return _CODES.get(fold(name)) or (name.strip().upper() if name.strip().upper() in NAMES else None)
