from pathlib import Path

from benchmarks.rows.sizes import cpu_requirements, find_source


def test_the_cpu_build_needs_onnx_runtime_without_cuda_and_no_extras():
    requirements = [
        "numpy>=1.26",
        'onnxruntime-gpu>=1.20; sys_platform == "linux"',
        'onnxruntime>=1.20; sys_platform != "linux"',
        'torch>=2.6; extra == "train"',
    ]
    assert cpu_requirements(requirements) == ["numpy>=1.26", "onnxruntime>=1.20"]


def test_the_wheel_is_built_from_a_clone_of_this_project_and_no_other(tmp_path):
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = another\n")
    clone = Path(__file__).parents[3]
    assert find_source(tmp_path / "site-packages", tmp_path, clone) == clone
    assert find_source(tmp_path) is None
