#!/usr/bin/python3
"""Prints the minimax polynomials of the elementary functions: Remez exchange in 60 digits (needs mpmath)."""
import sys
from mpmath import mp, mpf, matrix, lu_solve, cos, cosh, pi, sin, sinh, tan, exp, log, atan, asin, erf, erfc, sqrt

mp.dps = 90


def remez(f, w, degree, a, b, iterations=12):
    """The polynomial of a degree that minimises the greatest |f(x) - p(x)| w(x) on [a, b], and that error."""
    a, b = mpf(a), mpf(b)
    n = degree + 2
    nodes = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / (n - 1)) for i in range(n)]
    for _ in range(iterations):
        system = matrix(n, n)
        right = matrix(n, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = x ** j
            system[i, degree + 1] = (-1) ** i / w(x)
            right[i] = f(x)
        solution = lu_solve(system, right)
        c = [solution[j] for j in range(degree + 1)]

        def error(x):
            s = mpf(0)
            for k in reversed(c):
                s = s * x + k
            return (f(x) - s) * w(x)

        count = 24 * n
        xs = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / count) for i in range(count + 1)]
        es = [error(x) for x in xs]
        extremes = []
        for i in range(count + 1):
            left = abs(es[i - 1]) if i > 0 else mpf(-1)
            after = abs(es[i + 1]) if i < count else mpf(-1)
            if abs(es[i]) >= left and abs(es[i]) >= after:
                if extremes and (es[extremes[-1]] > 0) == (es[i] > 0):
                    if abs(es[i]) > abs(es[extremes[-1]]):
                        extremes[-1] = i
                else:
                    extremes.append(i)
        while len(extremes) > n:
            extremes.pop(0 if abs(es[extremes[0]]) < abs(es[extremes[-1]]) else -1)
        worst = max(abs(e) for e in es)
        if len(extremes) < n:
            break
        nodes = [xs[i] for i in extremes]
    return c, worst


def show(name, f, w, degree, a, b):
    c, e = remez(f, w, degree, a, b)
    print(f"// {name}: degree {degree} on [{mp.nstr(mpf(a), 5)}, {mp.nstr(mpf(b), 5)}], error 2^{mp.nstr(log(e, 2), 4)}")
    for i, k in enumerate(c):
        print(f"    c{i} = {mp.nstr(k, 20)}")


tiny = mpf(10) ** -16
half_ln2 = log(2) / 2 * mpf("1.0001")
r2 = sqrt(mpf(2))
ln_s = ((r2 - 1) / (r2 + 1)) ** 2 * mpf("1.0001")
which = sys.argv[1:] or []


def want(name):
    return not which or name in which


def nz(x):
    return x if abs(x) > tiny else tiny


def series(f, x, taylor):
    """f near zero by its Taylor series, so that cancellation costs nothing."""
    return f(x)


EXP = lambda r: (exp(nz(r)) - 1 - nz(r)) / nz(r) ** 2
if want("exp"):
    show("exp: (e^r - 1 - r) / r^2, f32", EXP, lambda r: nz(r) ** 2 / exp(r), 4, -half_ln2, half_ln2)
    show("exp f64", EXP, lambda r: nz(r) ** 2 / exp(r), 9, -half_ln2, half_ln2)
if want("expm1"):
    show("expm1 f32", EXP, lambda r: abs(nz(r) ** 2 / (exp(nz(r)) - 1)), 4, -half_ln2, half_ln2)
    show("expm1 f64", EXP, lambda r: abs(nz(r) ** 2 / (exp(nz(r)) - 1)), 10, -half_ln2, half_ln2)
LOG = lambda f: (log(1 + nz(f)) - nz(f) + nz(f) ** 2 / 2) / nz(f) ** 3
if want("log32"):
    show("log f32: (ln(1+f) - f + f^2/2)/f^3", LOG, lambda f: abs(nz(f) ** 3 / log(1 + nz(f))), 7, 1 / r2 - 1, r2 - 1)
ATH = lambda z: (lambda s: (log((1 + s) / (1 - s)) - 2 * s) / (s ** 3))(sqrt(nz(z)))
if want("log64"):
    show("log f64: (ln((1+s)/(1-s)) - 2s)/s^3 in z = s^2", ATH, lambda z: nz(z), 6, 0, ln_s)
    show("log f64 tail: ... -2/3)/z", lambda z: (ATH(z) - mpf(2) / 3) / nz(z), lambda z: nz(z) ** 2, 7, 0, ln_s)
quarter = pi / 4 * mpf("1.0001")
# Of f32 the nearest multiple is found with an error that grows with the angle.
quarter32 = pi / 4 * mpf("1.002")
SIN = lambda z: (lambda r: (sin(r) - r) / (r ** 3))(sqrt(nz(z)))
COS = lambda z: (cos(sqrt(nz(z))) - 1 + nz(z) / 2) / nz(z) ** 2
if want("sin"):
    show("sin f32: (sin r - r)/r^3 in z", SIN, lambda z: nz(z), 2, 0, quarter32 ** 2)
    show("sin f64", SIN, lambda z: nz(z), 5, 0, quarter ** 2)
    show("cos f32: (cos r - 1 + z/2)/z^2", COS, lambda z: nz(z) ** 2, 2, 0, quarter32 ** 2)
    show("cos f64", COS, lambda z: nz(z) ** 2, 5, 0, quarter ** 2)
TAN = lambda z: (lambda r: (tan(r) - r) / (r ** 3))(sqrt(nz(z)))
if want("tan"):
    show("tan f32: (tan r - r)/r^3 in z", TAN, lambda z: nz(z) ** 1.5 / tan(sqrt(nz(z))), 6, 0, quarter32 ** 2)
ATAN = lambda z: (lambda r: (atan(r) - r) / (r ** 3))(sqrt(nz(z)))
t8 = (r2 - 1) * mpf("1.0001")
if want("atan"):
    show("atan f32: (atan r - r)/r^3 in z", ATAN, lambda z: nz(z) ** 1.5 / atan(sqrt(nz(z))), 8, 0, 1)
    show("atan f64", ATAN, lambda z: nz(z), 10, 0, t8 ** 2)
ASIN = lambda z: (lambda r: (asin(r) - r) / (r ** 3))(sqrt(nz(z)))
if want("asin"):
    show("asin f32: (asin r - r)/r^3 in z", ASIN, lambda z: nz(z), 4, 0, mpf("0.25001"))
    show("asin f64", ASIN, lambda z: nz(z), 12, 0, mpf("0.25001"))
ERF = lambda z: (lambda r: erf(r) / r)(sqrt(nz(z)))
if want("erf"):
    show("erf f64 small: erf(r)/r in z", ERF, lambda z: 1 / ERF(z), 12, 0, mpf(1))
# erfc(x) e^(x^2) in t = (x - 2)/(x + 2)
ERFC = lambda t: (lambda x: erfc(x) * exp(x * x))(2 * (1 + t) / (1 - t))
if want("erfc"):
    show("erfc e^(x^2), x in [1, 6], t=(x-2)/(x+2)", ERFC, lambda t: 1 / ERFC(t), 18, mpf(-1) / 3, mpf("0.5"))
if want("erf32"):
    show("erf small f32: erf(r)/r - 1 in z", lambda z: ERF(z) - 1, lambda z: 1 / ERF(z), 6, 0, mpf("1.125") ** 2)
    show("erf on [1.125, 3.93] f32 in x - 2.5", lambda t: erf(t + mpf("2.5")), lambda t: mpf(1), 12, mpf("-1.375"), mpf("1.43"))
SINH = lambda z: (lambda r: (sinh(r) - r) / (r ** 3))(sqrt(nz(z)))
COSH = lambda z: (cosh(sqrt(nz(z))) - 1 - nz(z) / 2) / nz(z) ** 2
if want("sinh"):
    show("sinh f32: (sinh r - r)/r^3 in z", SINH, lambda z: nz(z), 2, 0, half_ln2 ** 2)
    show("cosh f32: (cosh r - 1 - z/2)/z^2", COSH, lambda z: nz(z) ** 2, 1, 0, half_ln2 ** 2)
LOG2 = lambda z: (lambda s: (log((1 + s) / (1 - s)) - 2 * s) / s ** 3 / log(mpf(2)))(sqrt(nz(z)))
# For s = (m - 1)/(m + 1) of a number from sqrt(2/3) to its inverse.
pow_s = mpf("0.1012")
EXP2 = lambda r: (mpf(2) ** nz(r) - 1) / nz(r)
if want("pow32"):
    show("log2 f32: what follows 2/(3 ln 2), by z", lambda z: (LOG2(z) - 2 / log(mpf(2)) / 3) / nz(z), lambda z: nz(z) ** 2, 1, 0, pow_s ** 2)
    show("exp2 f32: (2^r - 1)/r", EXP2, lambda r: max(abs(r), mpf("1e-6")), 5, mpf("-0.501"), mpf("0.5013"))
