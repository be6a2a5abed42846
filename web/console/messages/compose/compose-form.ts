import type { Answer } from '../../../ui/data/api.ts'
import { type CardForm, emptyCardForm } from './card/card-form.ts'
import type { Receiver } from './receiver.ts'

/** The values of the form. They are converted to the body of the API's call. */
export type ComposeForm = CardForm & {
  channel: string
  msgType: '01' | '02' | '03' | '04' | '05' | '06' | '07' | '08'
  to: Receiver[]
  agentName: string
  agentId: number | undefined
  title: string
  content: string
  url: string
  btntxt: string
  picUrl: string
  templateId: string | undefined
  params: string[]
  /** What is sent itself, in WeCom. */
  media: UploadedMedia | undefined
  /** What is attached to a mail. */
  attachments: readonly UploadedMedia[]
  isSafe: boolean
  /** Ids of places such as group robots, for a channel that reaches no members. */
  places: readonly string[]
  /** Members who are mentioned there. */
  mention: readonly string[]
}

/** A file that was uploaded for a message. */
export type UploadedMedia = Answer<'/web/messages/media-upload'>

export const emptyForm: ComposeForm = {
  channel: 'wecom',
  msgType: '03',
  to: [],
  agentName: '',
  agentId: undefined,
  title: '',
  content: '',
  url: '',
  btntxt: '',
  picUrl: '',
  templateId: undefined,
  params: [],
  media: undefined,
  attachments: [],
  isSafe: false,
  places: [],
  mention: [],
  ...emptyCardForm,
}

/** What must still be filled in; the names are those of the fields' labels. */
export type MissingField =
  | 'agentName'
  | 'body'
  | 'mediaField'
  | 'params'
  | 'picUrl'
  | 'templateField'
  | 'titleField'
  | 'to'
  | 'url'
