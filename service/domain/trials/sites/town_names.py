"""Towns with several names, between which the registry's geocoder switches."""

from service.domain.trials.text import bare

# One town a line.
_TABLE = """
Antwerp | Antwerpen | Anvers
Athens | Athina | Athinai
Bangalore | Bengaluru
Basel | Basle | Bâle
Beijing | Peking
Belgrade | Beograd
Bern | Berne
Bombay | Mumbai
Braunschweig | Brunswick
Bruges | Brugge
Brussels | Bruxelles | Brussel
Bucharest | Bucuresti
Calcutta | Kolkata
Cologne | Köln | Koeln
Copenhagen | København | Kobenhavn
Den Haag | The Hague | 's-Gravenhage
Florence | Firenze
Frankfurt | Frankfurt am Main | Frankfurt/Main
Geneva | Genève | Genf
Genoa | Genova
Ghent | Gent | Gand
Gothenburg | Göteborg | Goteborg
Hannover | Hanover
Kiev | Kyiv
Krakow | Cracow
Leuven | Louvain
Lisbon | Lisboa
Liège | Luik
Lucerne | Luzern
Luxembourg | Luxemburg
Lyon | Lyons
Madras | Chennai
Mantua | Mantova
Marseille | Marseilles
Mechelen | Malines
Mexico City | Ciudad de Mexico | Mexico, D.F.
Milan | Milano
Monza | Monza e Brianza
Moscow | Moskva
Munich | München | Muenchen
Naples | Napoli
Nuremberg | Nürnberg | Nuernberg
Padua | Padova
Porto | Oporto
Prague | Praha | Praha 2 | Praha 5
Rome | Roma
Saint Petersburg | St. Petersburg | Sankt-Peterburg
Seville | Sevilla
Sofia | Sofiya
Syracuse | Siracusa
Tehran | Teheran
The Bronx | Bronx
Thessaloniki | Salonica
Turin | Torino
Venice | Venezia
Vienna | Wien
Warsaw | Warszawa
Zaragoza | Saragossa
Zurich | Zürich | Zuerich
"""

_FIRST = {bare(name): bare(line) for line in _TABLE.split("\n") if line for name in line.split(" | ")}


def town_key(town: str) -> str:
    """A key equal for all spellings and names of a town: without case, accents and punctuation."""
    name = bare(town)
    if name.startswith("saint "):
        name = "st " + name.removeprefix("saint ")
    return _FIRST.get(name) or _FIRST.get("saint " + name.removeprefix("st ")) or name
