import { operator } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { file } from '../../../platform/http/bodies/file-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { mediaBytesAtMost } from '../kinds.ts'
import { storeMedia } from '../media.ts'
import { storedMediaSchema } from '../media-api.ts'

/** The file is the corp's: every administrator who may send can send it. */
export const uploadMediaCall = pageCall({
  method: 'POST',
  path: '/web/messages/media-upload',
  access: administrator('super'),
  point: 'message:send',
  input: { file: file({ zh: '文件', en: 'File' }, { max: mediaBytesAtMost }) },
  output: storedMediaSchema,
  handle: (ctx: Core & { corps: Corps; offered: FeatureOffers }, { input, corpId }) =>
    storeMedia(ctx, operator(corpId), input.file),
})
