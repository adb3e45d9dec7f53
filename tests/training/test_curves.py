import matplotlib.image

from training.curves import draw_curves


def row(epoch: int) -> dict:
    accuracy = {"sc": 0.1 * epoch, "fsdd": 0.05 * epoch}
    return {
        "epoch": epoch,
        "loss": 2 / epoch,
        "score": 0.1 * epoch,
        "validation": {"keyword_accuracy": accuracy},
    }


def test_curves_are_a_picture_that_grows_with_the_rows(tmp_path):
    first, later = tmp_path / "first.png", tmp_path / "later.png"
    draw_curves([row(1)], first)
    draw_curves([row(1), row(2), row(3)], later)
    picture = matplotlib.image.imread(later)
    height, width = picture.shape[:2]
    assert width > 2 * height > 600
    assert (picture != matplotlib.image.imread(first)).any()
