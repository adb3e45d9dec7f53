#!/bin/sh
# Repeats a bundled model: sh scripts/train.sh NETWORK RECORDINGS [RUNS]
#
# NETWORK is baseline, crnn, parallel or edge; RECORDINGS a folder with the collections that
# docs/models.md names; RUNS a folder for checkpoints and the result, runs if not given. edge learns
# from a network on top of the published speech embedding and from a wide one, for which a GPU is
# wanted; the networks beside edge learn from two edge networks. Teachers are trained first. A run that
# was killed is resumed by the same command.

case "${1:-}" in
baseline | crnn | parallel | edge) ;;
*)
    echo "usage: sh scripts/train.sh baseline|crnn|parallel|edge RECORDINGS [RUNS]" >&2
    exit 2
    ;;
esac
if [ ! -d "${2:-}" ]; then
    echo "error: ${2:-RECORDINGS}: not a folder: expected one with recordings" >&2
    exit 2
fi
network=$1
recordings=$(cd "$2" && pwd)
mkdir -p "${3:-runs}"
runs=$(cd "${3:-runs}" && pwd)

. "$(dirname "$0")/setup.sh"

install_packages espeak-ng flite festival festvox-kallpc16k festvox-us-slt-hts
make_environment
.venv/bin/pip install --quiet '.[train]'

train() {
    .venv/bin/digit-train --data "$recordings" --data "$runs/synthesised" "$@"
}

.venv/bin/digit-synthesize --sentences 1500 --output "$runs/synthesised"
if [ "$network" = edge ]; then
    .venv/bin/pip install --quiet --no-deps --upgrade --target "$runs/published" openwakeword==0.4.0
    published=$runs/published/openwakeword/resources/models/embedding_model.onnx
    train --model embedding --start "$published" --output "$runs/embedding"
    train --model wide --output "$runs/wide"
    set -- --teacher "$runs/embedding/best.pt" --teacher "$runs/wide/best.pt"
else
    set --
    for seed in 1 2; do
        train --model edge --seed "$seed" --output "$runs/edge-$seed"
        set -- "$@" --teacher "$runs/edge-$seed/best.pt"
    done
fi
train --model "$network" "$@" --output "$runs/$network"
.venv/bin/digit-export "$runs/$network/best.pt" -o "$runs/$network.onnx"
