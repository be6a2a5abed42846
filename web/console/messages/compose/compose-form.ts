import { type CardForm, emptyCardForm } from './card/card-form.ts'
import type { Receiver } from './receiver.ts'

/** The values of the form. They are converted to the body of the API's call. */
export type ComposeForm = CardForm & {
  channel: string
  msgType: '01' | '02' | '03' | '04'
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
}

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
  ...emptyCardForm,
}

/** What must still be filled in; the names are those of the fields' labels. */
export type MissingField =
  | 'agentName'
  | 'body'
  | 'params'
  | 'picUrl'
  | 'templateField'
  | 'titleField'
  | 'to'
  | 'url'
