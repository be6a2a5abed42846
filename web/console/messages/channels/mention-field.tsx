import { Form } from 'antd'
import { type ReactNode, useState } from 'react'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import type { ComposeProps } from './channel-view.ts'

/** Members who are mentioned in the groups that a message goes to. */
export function MentionField({ change, hint }: Pick<ComposeProps, 'change'> & { hint?: string }): ReactNode {
  const t = useText('messages')
  const [mentioned, setMentioned] = useState<PickedMember[]>([])
  return (
    <Form.Item label={t('mention')} htmlFor="compose-mention" extra={hint}>
      <MemberPicker
        id="compose-mention"
        value={mentioned}
        onChange={people => {
          setMentioned(people)
          change({ mention: people.map(one => one.userId) })
        }}
      />
    </Form.Item>
  )
}
