/**
 * Files of messages: kinds.ts says what a file is and how large it may be, media.ts stores it for its developer and gives it out, and the
 * channels give it to those who read it. It stays as long as a message that names it.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { uploadMediaCall } from './console/media-calls.ts'
import { putMediaCall } from './media-api.ts'
import { mediaRetention } from './retention.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export const messageMediaFeature = feature<Needs>()({
  name: 'message-media',
  optional: {
    title: { zh: '消息文件', en: 'Files in messages' },
    brings: {
      zh: '图片、视频、文件、邮件附件',
      en: 'Messages carry pictures, videos, files and attachments, and may be Markdown or a mini-program notice',
    },
  },
  calls: [putMediaCall],
  pageCalls: [uploadMediaCall],
  tables: mediaRetention,
  files: [{ table: 'message_media', column: 'hash' }],
})
