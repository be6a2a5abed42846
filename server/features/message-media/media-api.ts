import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { file } from '../../platform/http/bodies/file-input.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { mediaBytesAtMost, mediaKinds } from './kinds.ts'
import { storeMedia } from './media.ts'

export const storedMediaSchema = Type.Object({
  mediaId: Type.String({ about: { zh: '文件 id', en: 'Id of the file' } }),
  kind: Type.Enum(mediaKinds, { about: { zh: '类别，按内容识别', en: 'What the content is' } }),
  name: Type.String({
    about: {
      zh: '接收人看到的文件名：不含路径、控制字符和改变文字方向的字符',
      en: 'Name that receivers see, without folders, control characters and what turns the direction of a text',
    },
  }),
  size: Type.Integer({ about: { zh: '字节数', en: 'Size in bytes' } }),
})

export const putMediaCall = endpoint({
  methods: ['POST'],
  path: '/api/message/media',
  section: 'wisp',
  summary: { zh: '上传消息文件', en: 'Upload a file for messages' },
  description: {
    zh: '上传一个文件，在 message/send 的 mediaId 或 attachments 里使用。请求为 multipart/form-data，只有一个文件。类别按内容识别，与文件名无关：image（JPG、PNG，最大 10 MB）、voice（AMR，最大 2 MB）、video（MP4，最大 10 MB）、file（其他，最大 20 MB），都应大于 5 字节。同一内容只保存一份；同名的同一文件再次上传，mediaId 不变。只有上传它的开发者能用。有消息用到时，与消息保存同样久；没有消息用到的，30 天后删除。每个企业合计最多 2 GB。',
    en: 'Uploads a file for mediaId or attachments of message/send. The request is multipart/form-data with one file. The kind is what the content is, whatever the name says: image (JPG, PNG, at most 10 MB), voice (AMR, 2 MB), video (MP4, 10 MB) or file (anything else, 20 MB), each of more than 5 bytes. The same content is stored once; the same file under the same name keeps its mediaId. Only the developer who uploaded a file can use it. It stays as long as a message that names it, else 30 days. A corp has 2 GB for files.',
  },
  access: { by: 'developer', scope: 'message:send' },
  input: {
    file: file(
      {
        zh: '文件，最大 20 MB；文件名是接收人看到的名字',
        en: 'File of at most 20 MB; its name is what receivers see',
      },
      { max: mediaBytesAtMost },
    ),
  },
  output: storedMediaSchema,
  errors: [],
  sample: { mediaId: 'Mk2p7x…', kind: 'file', name: '通知.pdf', size: 48_213 },
  sampleInput: { file: 'wisp says hello\n' },
  handle: (ctx: Core & { corps: Corps; offered: FeatureOffers }, { input, developer }) =>
    storeMedia(ctx, developer, input.file),
})
