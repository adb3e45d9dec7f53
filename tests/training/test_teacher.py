import pytest
import torch

from recognizer.errors import InputError
from training.classifier import Classifier
from training.losses import taught
from training.teacher import Teacher, load_teacher

CPU = torch.device("cpu")
WINDOWS = 0.1 * torch.randn(2, 16_000, generator=torch.Generator().manual_seed(0))


def network(name: str, seed: int) -> Classifier:
    torch.manual_seed(seed)
    return Classifier(name, 3).eval()


def test_several_networks_answer_with_their_mean():
    first, second = network("baseline", 0), network("edge", 1)
    heard = first.features(WINDOWS)
    answer = Teacher([first, second], ["a", "b"], CPU).answer(WINDOWS, "baseline", heard)
    with torch.no_grad():
        mean = (first(WINDOWS).softmax(dim=1) + second(WINDOWS).softmax(dim=1)) / 2
    assert torch.allclose(answer.windows, mean, atol=1e-6)
    assert not answer.windows.requires_grad


def test_frames_are_answered_where_student_and_teacher_hear_the_same():
    baseline, wide, edge = network("baseline", 0), network("wide", 1), network("edge", 2)
    teacher = Teacher([baseline, wide, edge], ["a", "b", "c"], CPU)
    changed = edge.features(WINDOWS).flip(1)
    with torch.no_grad():
        heard = [teaching.hear(changed).frames.softmax(dim=2) for teaching in (wide, edge)]
    frames = teacher.answer(WINDOWS, "edge", changed).frames
    assert torch.allclose(frames, (heard[0] + heard[1]) / 2, atol=1e-6)
    assert teacher.answer(WINDOWS, "crnn", baseline.features(WINDOWS)).frames is None


def test_a_finished_run_can_teach(finished_run):
    teacher = load_teacher([finished_run / "best.pt"], ("low", "high", "other"), CPU)
    assert teacher.names == ("baseline, seed 1",)
    assert load_teacher([], ("low", "high", "other"), CPU) is None


def test_a_teacher_of_other_words_is_refused(finished_run):
    with pytest.raises(InputError, match="knows the labels low, high, other: a teacher is"):
        load_teacher([finished_run / "best.pt"], ("yes", "no", "other"), CPU)


def test_without_an_answer_the_labels_alone_count():
    assert taught(torch.tensor(2.0), torch.zeros(1, 3), None, 0.7) == 2.0


def test_the_teachers_share_of_the_loss_is_the_distance_from_its_answers():
    answers = torch.tensor([[1.0, 0.0, 0.0]])
    close, far = torch.tensor([[20.0, 0.0, 0.0]]), torch.tensor([[0.0, 20.0, 0.0]])
    assert taught(torch.tensor(2.0), close, answers, 0.75) == pytest.approx(0.5, abs=1e-6)
    assert taught(torch.tensor(2.0), far, answers, 0.75) == pytest.approx(0.5 + 15, abs=1e-3)
