#!/usr/bin/env bash
# Installs the peers that the suites measure against (only what is missing) and builds those written in C into benchmarks/out.
# A peer that cannot be had is named; the suites then go on without it.
set -uo pipefail
cd "$(dirname "$0")"

packages=(
    gcc g++ libc6-dev                                                          # C with libmvec and OpenMP
    libdnnl-dev                                                                # oneDNN
    librust-rayon-dev                                                          # rayon
    python3-jupyter-client python3-ipykernel                                   # the notebook suite
    python3-numpy libopenblas0-pthread libopenblas0-openmp python3-numba python3-torch
)

command -v cargo >/dev/null || packages+=(cargo)

as_root=()
can_install=true
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    can_install=false
    echo "no apt here: install ${packages[*]} by other means"
elif ((EUID != 0)); then
    if sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        can_install=false
    fi
fi

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    echo "installed already: ${packages[*]}"
elif $can_install; then
    echo "installing ${missing[*]}"
    install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    if ! "${install[@]}" "${missing[@]}" </dev/null >/dev/null 2>&1; then
        "${as_root[@]}" apt-get update -qq </dev/null
        for package in "${missing[@]}"; do # one by one, so that one that is not to be had does not keep the others away
            "${install[@]}" "$package" </dev/null >/dev/null || echo "not installed: $package"
        done
    fi
else
    echo "neither root nor sudo without a password: not installed: ${missing[*]}"
fi

mkdir -p out
if command -v gcc >/dev/null; then
    for program in elementwise reductions; do
        if gcc -O3 -march=native -fopenmp -ffast-math -Wall -o "out/$program" "peers/$program.c" -lmvec -lm; then
            echo "built out/$program"
        else
            echo "not built: out/$program (needs gcc and an x86 processor with AVX2)"
        fi
    done
    # The same vectors in AVX2 (many in flight, and one at a time as compilers make them) and, where the processor has it, in AVX-512.
    builds=("kernels-avx2 -mno-avx512f" "kernels-avx2-single -mno-avx512f -DINTERLEAVED=1")
    grep -qw avx512dq /proc/cpuinfo && builds+=("kernels-avx512")
    for build in "${builds[@]}"; do
        read -ra words <<<"$build"
        if gcc -O3 -march=native "${words[@]:1}" -fopenmp -ffast-math -Wall -o "out/${words[0]}" peers/kernels.c -lmvec -lm; then
            echo "built out/${words[0]}"
        else
            echo "not built: out/${words[0]} (needs gcc and an x86 processor with AVX2)"
        fi
    done
    if gcc -O3 -Wall -o out/onnx peers/onnx.c -ldl -lm; then
        echo "built out/onnx"
    else
        echo "not built: out/onnx"
    fi
fi
if g++ -O2 -march=native -Wall -o out/onednn peers/onednn.cpp -ldnnl; then
    echo "built out/onednn"
else
    echo "not built: out/onednn (needs g++ and libdnnl-dev)"
fi

# From Debian's sources of the crates, without a network.
rm -rf out/rayon/src
mkdir -p out/rayon
cp -r peers/rayon/. out/rayon/
if (cd out/rayon && RUSTFLAGS='-C target-cpu=native' cargo build --release --offline --quiet \
    --config 'source.crates-io.replace-with="debian"' --config 'source.debian.directory="/usr/share/cargo/registry"'); then
    echo "built out/rayon"
else
    echo "not built: out/rayon (needs cargo and librust-rayon-dev)"
fi

# The same package, pinned by the same hashes, that the build takes its library from.
if command -v npm >/dev/null && command -v node >/dev/null; then
    mkdir -p out/node
    cp ../src/TensorCell.Inference/Onnx/Native/package.json ../src/TensorCell.Inference/Onnx/Native/package-lock.json out/node/
    if (cd out/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
        echo "installed onnxruntime-node"
    else
        echo "not installed: onnxruntime-node"
    fi
else
    echo "not installed: onnxruntime-node (needs npm and node)"
fi
