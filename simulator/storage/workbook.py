"""Excel workbooks, written by xlsxwriter onto disks that may fill up. Needs the extra ``excel``."""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from simulator.errors import UsageError

_CREATED = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written into every workbook, so that the same rows have the same bytes."""


@contextlib.contextmanager
def workbook(path: Path, title: str = "", **options: Any) -> Iterator[Any]:
    """Give a new workbook of xlsxwriter; on success it is in the file `path`. No text becomes a formula or a link.

    Args:
        path: of the file.
        title: among its properties.
        options: of xlsxwriter's ``Workbook``; without ``constant_memory`` no draft of it touches a disk, since
            xlsxwriter leaves its files open when one fills up.

    Raises:
        UsageError: the extra is not installed.
        OSError: the disk would not take it.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - in an extra
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("workbooks need the extra `excel`: pip install 'jukisim[excel]'") from error
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": "constant_memory" not in options}
    with _Output(path) as out, tempfile.TemporaryDirectory(dir=path.parent, prefix=".book-") as scratch:
        book: Any = xlsxwriter.Workbook(cast("BinaryIO", out), {**plain, **options, "tmpdir": scratch})
        book.set_properties({"title": title, "created": _CREATED, "author": "jukisim"})
        try:
            yield book
            book.close()
        except FileCreateError as error:
            raise cast("OSError", error.__context__) from error
        finally:
            _let_go(book)


def _let_go(book: Any) -> None:
    """Close the drafts of sheets, which xlsxwriter leaves open when a disk fills up."""
    for sheet in book.worksheets():
        with contextlib.suppress(OSError, AttributeError):
            sheet.row_data_fh.close()


class _Output:
    """A file that refuses once: what `zipfile` still wants to write when it is dropped goes nowhere, unsaid."""

    def __init__(self, path: Path) -> None:
        self.file = cast("BinaryIO", path.open("w+b", buffering=0))
        self.over = False

    def __enter__(self) -> "_Output":
        return self

    def __exit__(self, *_: object) -> None:
        self.over = True
        self.file.close()

    def write(self, content: bytes) -> int:
        """Write all of `content`."""
        left = memoryview(content)
        while left and not self.over:
            left = left[self._some(left) :]
        return len(content)

    def _some(self, content: memoryview) -> int:
        try:
            return self.file.write(content)
        except OSError:
            self.over = True
            raise

    def tell(self) -> int:
        """Where it stands."""
        return 0 if self.over else self.file.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        """Go somewhere."""
        return 0 if self.over else self.file.seek(place, whence)

    def flush(self) -> None:
        """Nothing waits."""
