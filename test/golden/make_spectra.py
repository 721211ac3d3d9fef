"""Makes spectra.json: Hann-windowed power spectra by numpy, the independent oracle for src/core/power-spectrum.ts.

Run with: python3 test/golden/make_spectra.py > test/golden/spectra.json
"""

import json

import numpy as np


def case(name, slots):
    size = len(slots)
    # Periodic Hann: the symmetric window of one more point, without its last.
    window = np.hanning(size + 1)[:-1]
    power = np.abs(np.fft.fft(window * slots)) ** 2
    return {
        "name": name,
        "re": slots.real.tolist(),
        "im": slots.imag.tolist(),
        "power": power.tolist(),
    }


def main():
    random = np.random.default_rng(20261120)
    cases = []
    for size in (64, 128, 256, 1024):
        n = np.arange(size)
        tone = np.exp(2j * np.pi * (0.0675 * n + 0.3))
        noise = random.normal(size=size) + 1j * random.normal(size=size)
        holes = random.uniform(size=size) >= 0.2
        cases.append(case(f"tone {size}", tone))
        cases.append(case(f"noise {size}", noise))
        cases.append(case(f"tone with 20 % holes and noise {size}", (tone + 0.05 * noise) * holes))
    print(json.dumps(cases))


main()
