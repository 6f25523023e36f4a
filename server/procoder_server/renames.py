"""`workspace/didRenameFiles`: the conversations about a file follow it."""

from lsprotocol import types

from procoder_server.server import ProcoderServer
from procoder_tutor.errors import StorageError, describe

_FILTERS = (
    types.FileOperationFilter(
        types.FileOperationPattern("**/*.{py,pyi,pyw}", types.FileOperationPatternKind.File), "file"
    ),
    types.FileOperationFilter(
        types.FileOperationPattern("**", types.FileOperationPatternKind.Folder), "file"
    ),
)


def register(server: ProcoderServer) -> None:
    """Add renaming to a server."""

    @server.feature(
        types.WORKSPACE_DID_RENAME_FILES, types.FileOperationRegistrationOptions(_FILTERS)
    )
    async def did_rename(params: types.RenameFilesParams) -> None:
        session = await server.sessions.get()
        conversations = session.tutor.conversations
        try:
            for file in params.files:
                await conversations.rename_document(file.old_uri, file.new_uri)
                await conversations.rename_folder(file.old_uri, file.new_uri)
        except StorageError as error:
            server.log_to_client(types.MessageType.Warning, describe(error))
