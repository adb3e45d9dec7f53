import subprocess
import sys
import textwrap

import pytest

from training.torchaudio_import import import_torchaudio


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )


def test_transforms_functional_and_datasets_work_beside_this_torch():
    # The first test of the import in a process that never saw torchaudio.
    result = run_python("""
        import torch
        from training.torchaudio_import import import_torchaudio
        torchaudio = import_torchaudio()
        tone = torch.sin(torch.arange(16000) / 5)[None]
        print(tuple(torchaudio.transforms.Resample(16000, 8000)(tone).shape))
        print(tuple(torchaudio.transforms.FrequencyMasking(8)(torch.ones(1, 64, 9)).shape))
        print(tuple(torchaudio.functional.melscale_fbanks(513, 40.0, 7600.0, 128, 16000).shape))
        noisy = torchaudio.functional.add_noise(tone, torch.randn(1, 16000), torch.tensor([10.0]))
        print(tuple(noisy.shape))
        print(torchaudio.datasets.SPEECHCOMMANDS.__name__)
    """)
    assert result.stderr == ""
    shapes = ["(1, 8000)", "(1, 64, 9)", "(513, 128)", "(1, 16000)"]
    assert result.stdout.splitlines() == [*shapes, "SPEECHCOMMANDS"]


def test_an_extension_that_does_not_load_is_replaced(tmp_path):
    # A stand-in for the wheel whose extension wants CUDA libraries.
    package = tmp_path / "torchaudio"
    package.mkdir()
    (package / "__init__.py").write_text("from torchaudio import _extension\n")
    (package / "_extension.py").write_text("raise OSError('libcudart.so.13: not found')\n")
    for part in ("transforms", "functional", "datasets"):
        (package / f"{part}.py").write_text("")
    result = run_python(f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        from training.torchaudio_import import import_torchaudio
        torchaudio = import_torchaudio()
        print(torchaudio._extension._IS_TORCHAUDIO_EXT_AVAILABLE, torchaudio.transforms.__name__)
    """)
    assert (result.stderr, result.stdout.strip()) == ("", "False torchaudio.transforms")


def test_importing_twice_gives_the_same_module():
    assert import_torchaudio() is import_torchaudio()


def test_forced_alignment_says_what_it_needs():
    from training.torchaudio_import import _empty_extension

    align = _empty_extension().fail_if_no_align(lambda: None)
    with pytest.raises(RuntimeError, match="torchaudio built for this PyTorch"):
        align()
