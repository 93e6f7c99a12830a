"""What the server cannot do, now or at all: statuses from 500 on."""

from .base import SamphireError


class EncodingFailed(SamphireError):
    code, status = "encoding_failed", 500
    sentence = "Couldn't encode the image."
    hint = "Try again; `samphire doctor` checks whether the segmenter is intact."


class DecodingFailed(SamphireError):
    code, status = "decoding_failed", 500
    sentence = "Couldn't compute the mask."
    hint = "Try again; `samphire doctor` checks whether the segmenter is intact."


class ImageFileLost(SamphireError):
    code, status = "image_file_lost", 500
    sentence = "The file of this image is missing from the data folder, or damaged."
    hint = "Upload the same file again to repair it, or restore the data folder from a backup."


class GivenUp(SamphireError):
    code, status = "given_up", 500
    sentence = "The server stopped every time it tried this, so it won't try again on its own."
    hint = "It may have run out of memory; its log may say more. Fix that, then try again."


class UnusableData(SamphireError):
    code, status = "unusable_data", 500
    sentence = "The data folder cannot be used."
    hint = "Repair it, or choose another folder with --data; `samphire doctor` says what is wrong."


class Unavailable(SamphireError):
    code, status = "unavailable", 503
    sentence = "The server cannot do this right now."
    hint = "Try again in a moment."
    retry_after_s = 1


class ProviderUnavailable(Unavailable):
    code = "provider_unavailable"
    sentence = "The sign-in provider cannot be reached, or does not answer as it should."
    hint = "Try again in a moment; the server's log says more."


class DatabaseBusy(Unavailable):
    code = "database_busy"
    sentence = "Another program is using the database, so nothing was read or saved."
    hint = "Try again in a moment, or close the program that has samphire.db open."


class FilesUnavailable(Unavailable):
    code = "files_unavailable"
    sentence = "The store of images cannot be reached, so nothing was read or saved."
    hint = "Try again in a moment; the server's log says more."


STORES_AWAY = (DatabaseBusy, FilesUnavailable)  # for now: who can wait tries again


class EmbeddingTimeout(Unavailable):
    code = "embedding_timeout"
    sentence = "The image is still being encoded."
    hint = "Try again in a moment; encoding continues."


class StorageFull(Unavailable):
    code, status = "storage_full", 507
    sentence = "The disk that holds the data folder is full, so nothing was saved."
    hint = "Free some space there, then try again; `samphire doctor` lists what can be freed."
    retry_after_s = None
