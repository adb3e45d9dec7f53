"""Which operators may stand in an exported graph: those with a kernel in the CUDA provider.

Source: ONNX Runtime's table of operator kernels (docs/OperatorKernels.md), CUDAExecutionProvider.
"""

from __future__ import annotations

from onnx import ModelProto

from recognizer.errors import DigitListenError

CUDA_OPERATORS = frozenset(
    {
        "Abs",
        "Add",
        "AveragePool",
        "BatchNormalization",
        "Clip",
        "Concat",
        "Conv",
        "Div",
        "Exp",
        "Flatten",
        "Gather",
        "Gemm",
        "GlobalAveragePool",
        "LSTM",
        "Log",
        "MatMul",
        "Max",
        "MaxPool",
        "Mul",
        "Pad",
        "Pow",
        "ReduceMax",
        "ReduceMean",
        "ReduceSum",
        "Relu",
        "Reshape",
        "Sigmoid",
        "Slice",
        "Softmax",
        "Split",
        "Sqrt",
        "Squeeze",
        "Sub",
        "Transpose",
        "Unsqueeze",
    }
)


def require_cuda_operators(model: ModelProto) -> None:
    """Check that a GPU can run the whole graph.

    Raises:
        DigitListenError: an operator has no kernel in ONNX Runtime's CUDA provider.

    """
    used = {f"{node.domain}{node.op_type}" for node in model.graph.node}
    missing = sorted(used - CUDA_OPERATORS)
    if missing:
        message = f"the graph holds operators that do not run on a GPU: {', '.join(missing)}"
        raise DigitListenError(message)
