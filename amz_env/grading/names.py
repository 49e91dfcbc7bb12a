"""Tables of names: functions, constants, units of measurement, and words that connect answers."""

from dataclasses import dataclass


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text; tables of names read better so than as lists."""
    return frozenset(text.split())


TRIGONOMETRIC = words_of("sin cos tan cot sec csc")
_INVERSE = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec", "arccsc": "acsc",
            "arctg": "atan", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcsinh": "asinh",
            "arccosh": "acosh", "arctanh": "atanh"}  # fmt: skip
_PLAIN = words_of(
    "sin cos tan cot sec csc sinh cosh tanh coth asin acos atan acot asec acsc asinh acosh atanh "
    "exp ln log lg sqrt cbrt gcd lcm min max floor ceil abs det cis Re Im sgn sign mod"
)
FUNCTIONS: dict[str, str] = {name: name for name in _PLAIN} | _INVERSE | {
    "ceiling": "ceil", "tg": "tan", "ctg": "cot", "cosec": "csc", "sign": "sgn", "Abs": "abs",
    "Log": "log", "log10": "lg",
}  # fmt: skip
"""Spelling -> canonical name."""

GREEK = words_of(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron rho sigma tau upsilon phi chi "
    "psi omega Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Pi Rho Sigma Tau Upsilon Phi "
    "Chi Psi Omega hbar ell"
)
CONSTANTS = {"pi": "pi", "infty": "oo", "infinity": "oo", "oo": "oo", "inf": "oo", "Infinity": "oo"}

CONNECTORS = {"and": "and", "or": "or", "&": "and"}

HEDGES = words_of(
    "or other others anything maybe either neither not perhaps possibly probably another number numbers something else "
    "otherwise unknown about approximately roughly if unless every all none least most plus minus times over divided "
    "multiplied half quarter third double twice negative equals is are was than when where but except wrong false "
    "incorrect correct guess think sure to between from nor versus vs "
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety lakh lakhs crore crores "
    "halves thirds quarters fourths fifths sixths sevenths eighths ninths tenths hundredths thousandths "
    "factorial repeating recurring base modulo mod undefined impossible infinite infinity nonexistent"
)
"""Words that, beside a number, are not a unit: ``1 or any other number`` is no answer, ``5 plus six`` is not 5."""

SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12, "hundred": 100}

_UNIT_SPELLINGS = """
m meter meters metre metres
cm centimeter centimeters centimetre centimetres
mm millimeter millimeters millimetre millimetres
km kilometer kilometers kilometre kilometres
um micrometer micrometers
nm nanometer nanometers
in inch inches
ft foot feet
yd yard yards
mi mile miles
g gram grams
kg kilogram kilograms kilo kilos
mg milligram milligrams
lb lbs
pound pounds
oz ounce ounces
t ton tons tonne tonnes
s sec secs second seconds
min mins minute minutes
h hr hrs hour hours
day days
week weeks wk wks
month months
year years yr yrs
l L liter liters litre litres
ml mL milliliter milliliters millilitre millilitres
gal gallon gallons
qt quart quarts
pt pint pints
cup cups
degree degrees deg
rad radian radians
N newton newtons
J joule joules
kJ kilojoule kilojoules
W watt watts
kW kilowatt kilowatts
V volt volts
A amp amps ampere amperes
ohm ohms
Hz hertz
Pa pascal pascals
K kelvin kelvins
mol mole moles
atm
eV
angstrom
dollar dollars usd USD bucks
cent cents
euro euros EUR eur
pounds£ GBP gbp
yen JPY yuan rmb RMB CNY
rupee rupees rs Rs INR
unit units
percent
square squared sq
cubic cubed cu
per
"""
UNITS: dict[str, str] = {
    spelling: line.split()[0] for line in _UNIT_SPELLINGS.strip().splitlines() for spelling in line.split()
}
"""Spelling -> canonical unit."""

COMPOUND_UNITS = {
    "mph": ("mi", "h"),
    "ms": ("m", "s"),
    "kph": ("km", "h"),
    "kmph": ("km", "h"),
    "kmh": ("km", "h"),
    "per": (),
}
"""Spelling -> canonical units, for what is one word and not one unit."""

SHORT_UNITS = frozenset(name for name in UNITS if len(name) == 1)
"""Units that are also variables: read as units only when written apart from the number or in ``\\text``."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What stood after (or before) a number.

    Attributes:
        words: canonical unit words, sorted; empty if there is no unit.
        known: whether every word is in `UNITS`.
        percent: whether a percent sign stood there.
    """

    words: tuple[str, ...] = ()
    known: bool = True
    percent: bool = False
