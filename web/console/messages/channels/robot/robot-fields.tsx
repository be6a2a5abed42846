import { Form } from 'antd'
import { type ReactNode, useState } from 'react'
import { MemberPicker, type PickedMember } from '../../../../ui/pickers.tsx'
import { useText } from '../../../../ui/text.ts'
import { ContentLine, Line } from '../../compose/lines.tsx'
import type { ComposeProps } from '../channel-view.ts'

/** What a message to groups says, and whom it mentions there. */
export function RobotFields({ form, change }: ComposeProps): ReactNode {
  const t = useText('messages')
  const [mentioned, setMentioned] = useState<PickedMember[]>([])
  return (
    <>
      <Line name="title" label={t('titleField')} form={form} change={change} />
      <ContentLine form={form} change={change} hint={t('robotContentHint')} />
      <Line name="url" label={t('url')} form={form} change={change} />
      <Form.Item label={t('mention')} htmlFor="compose-mention" extra={t('mentionHint')}>
        <MemberPicker
          id="compose-mention"
          value={mentioned}
          onChange={people => {
            setMentioned(people)
            change({ mention: people.map(one => one.userId) })
          }}
        />
      </Form.Item>
    </>
  )
}
