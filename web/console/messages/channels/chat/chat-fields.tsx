import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import { ContentLine, Line } from '../../compose/lines.tsx'
import type { ComposeProps } from '../channel-view.ts'
import { MentionField } from '../mention-field.tsx'

/** What a text to group chats says, and whom it mentions there. */
export function ChatFields({ form, change }: ComposeProps): ReactNode {
  const t = useText('messages')
  return (
    <>
      <Line name="title" label={t('titleField')} form={form} change={change} />
      <ContentLine form={form} change={change} />
      <Line name="url" label={t('url')} form={form} change={change} />
      <MentionField change={change} />
    </>
  )
}
