from benchmarks.rows.sizes import cpu_requirements


def test_the_cpu_build_needs_onnx_runtime_without_cuda_and_no_extras():
    requirements = [
        "numpy>=1.26",
        'onnxruntime-gpu>=1.20; sys_platform == "linux"',
        'onnxruntime>=1.20; sys_platform != "linux"',
        'torch>=2.6; extra == "train"',
    ]
    assert cpu_requirements(requirements) == ["numpy>=1.26", "onnxruntime>=1.20"]
