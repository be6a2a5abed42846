import type { ComponentType, CSSProperties, ReactNode } from 'react'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import type { Translator } from '../../../ui/text.ts'
import type { ComposeForm, MissingField } from '../compose/compose-form.ts'

export type Choices = Answer<'/web/messages/choices'>
export type ComposeProps = {
  form: ComposeForm
  change: (patch: Partial<ComposeForm>) => void
  choices: Choices
  /** What would be sent. */
  body: CallInput<'/web/messages/send'>
  /** What the server says of it, shortly after the typing pauses. */
  checked: PreviewState
  /** Somebody wants to know all that is wrong, and not only with what they touched. */
  isAsked: boolean
  ask(): void
}
type Preview = Answer<'/web/messages/preview'>
export type PreviewState = {
  error: unknown
  preview: Preview['preview'] | undefined
  /** What is taken but not shown as it is written. */
  warnings: NonNullable<Preview['warnings']>
}
export type TestInputs = { templateId: string; params: string[] }

/** What a channel shows otherwise than one whose messages have a title, a text and a link. */
export type ChannelView = {
  Icon?: ComponentType<{ style?: CSSProperties; 'aria-hidden'?: boolean }>
  /** Where it is set up, for a channel that has a page for that. */
  page?: string
  /** What its settings show below the form, folded away, once messages can be sent. */
  more?: { summary: Parameters<Translator<'messages'>>[0]; Body: (props: object) => ReactNode }
  preview?: {
    heading: Parameters<Translator<'messages'>>[0]
    /** The message as its receiver sees it; `preview` is what the channel's own folder on the server makes. */
    Body: (props: { preview: never }) => ReactNode
  }
  compose?: {
    Fields: (props: ComposeProps) => ReactNode
    /** Where the app's name will stand, if not before the title. */
    nameHint?(form: ComposeForm): Parameters<Translator<'messages'>>[0] | undefined
    inputsOf(form: ComposeForm, choices: Choices): object
    /** In the order of the fields. */
    missing(form: ComposeForm, choices: Choices): MissingField[]
    /** Draws what is typed at once, before the server has looked at it, where `hasDraft`. */
    Draft?: (props: { form: ComposeForm; checked: PreviewState; isAsked: boolean }) => ReactNode
    hasDraft?(form: ComposeForm): boolean
  }
  /** What a test message needs besides its receiver. */
  test?: {
    Fields: (props: { inputs: TestInputs; change: (inputs: TestInputs) => void }) => ReactNode
    isComplete(inputs: TestInputs): boolean
  }
}
