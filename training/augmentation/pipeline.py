"""All augmentations in the order in which sound meets them: speaker, room, microphone, codec."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from training.augmentation.channel import in_room, through_channel
from training.augmentation.disturbance import add_noise, change_level, mu_law, overload
from training.augmentation.draws import Draws
from training.augmentation.masking import mask_features
from training.augmentation.tempo import change_tempo
from training.augmentation.timing import change_speed, cut_window, slack_at_speed
from training.augmentation.vocal_tract import warp_bands
from training.examples import Batch
from training.tracks import UNDECIDED, Tracks, cut_tracks


@dataclass(frozen=True)
class AugmentationSettings:
    """How strongly recordings are changed.

    Attributes:
        slowest: lowest speed, 1 is as recorded.
        fastest: highest speed.
        room_share: share of the batch heard in a room.
        band_share: share of the batch with a limited band.
        tilt_db: largest spectral tilt in dB an octave.
        colour_db: standard deviation of the microphone's colour in dB.
        noise_share: share of the batch with recorded noise.
        lowest_snr: loudest noise, in dB.
        highest_snr: quietest noise, in dB.
        quietest_dbfs: lowest peak in dB of full scale.
        loudest_dbfs: highest peak in dB of full scale.
        overload_share: share of the batch that is clipped.
        codec_share: share of the batch through 8-bit mu-law.
        tract_reach: largest change of the vocal tract's length, as a share.
        slower: how much longer speech may become at the same pitch, as a share.
        masked_bands: most bands hidden, of 128.
        masked_frames: most frames hidden, of 44.

    """

    slowest: float = 0.8
    fastest: float = 1.25
    room_share: float = 0.3
    band_share: float = 0.5
    tilt_db: float = 3.0
    colour_db: float = 3.0
    noise_share: float = 0.6
    lowest_snr: float = 0.0
    highest_snr: float = 30.0
    quietest_dbfs: float = -36.0
    loudest_dbfs: float = -1.0
    overload_share: float = 0.08
    codec_share: float = 0.08
    tract_reach: float = 0.12
    slower: float = 0.4
    masked_bands: int = 20
    masked_frames: int = 6


@dataclass(frozen=True)
class Augmented:
    """Windows as a network may come to hear them.

    Attributes:
        waveforms: float32 [batch, SAMPLE_RATE].
        tracks: of WINDOW_STEPS, what is said at each hundredth of a second.

    """

    waveforms: Tensor
    tracks: Tracks


def augment(batch: Batch, settings: AugmentationSettings, draws: Draws) -> Augmented:
    """Return windows that hold the words of the batch, each changed."""
    canvases, speeds = change_speed(batch.canvases, draws, settings.slowest, settings.fastest)
    windows, middles = cut_window(canvases, slack_at_speed(batch.slack, speeds), draws)
    tracks = Tracks(
        cut_tracks(batch.tracks.labels, middles, speeds, batch.other),
        cut_tracks(batch.tracks.phones, middles, speeds, UNDECIDED),
    )
    return Augmented(_disturb(windows, batch, settings, draws), tracks)


def change_speaker(
    features: Tensor, tracks: Tracks, settings: AugmentationSettings, draws: Draws
) -> tuple[Tensor, Tracks]:
    """Return features as of other speakers, slower or faster.

    Args:
        features: [batch, bands, frames].
        tracks: what is said meanwhile.
        settings: how strongly they are changed.
        draws: where random numbers come from.

    Returns:
        Features and tracks in the same shapes.

    """
    warped = warp_bands(features, draws, settings.tract_reach)
    return change_tempo(warped, tracks, draws, settings.slower)


def hide_parts(features: Tensor, settings: AugmentationSettings) -> Tensor:
    """Return features [batch, bands, frames] with parts hidden, drawn by PyTorch's generator."""
    return mask_features(features, settings.masked_bands, settings.masked_frames)


def _disturb(windows: Tensor, batch: Batch, settings: AugmentationSettings, draws: Draws) -> Tensor:
    """Let windows sound as in other rooms, through other microphones, in noise."""
    windows = in_room(windows, draws, settings.room_share)
    windows = add_noise(
        windows,
        batch.noise,
        draws,
        share=settings.noise_share,
        lowest_snr=settings.lowest_snr,
        highest_snr=settings.highest_snr,
    )
    windows = through_channel(
        windows,
        draws,
        band_share=settings.band_share,
        tilt_db=settings.tilt_db,
        colour_db=settings.colour_db,
    )
    windows = overload(windows, draws, settings.overload_share)
    windows = change_level(windows, draws, settings.quietest_dbfs, settings.loudest_dbfs)
    return mu_law(windows, draws, settings.codec_share)
