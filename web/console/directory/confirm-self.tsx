import { Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'

/** Somebody who changes their own rights has to type their userid, because they could lock themselves out. */
export function ConfirmSelf(props: { userId: string; onType(text: string): void }): ReactNode {
  const t = useText('directory')
  const [text, setText] = useState('')
  return (
    <label htmlFor="confirm-self" style={{ display: 'grid', gap: 6 }}>
      <span>{t('confirmSelf', { userId: props.userId })}</span>
      <Input
        id="confirm-self"
        value={text}
        aria-label={t('confirmSelfLabel')}
        onChange={event => {
          setText(event.target.value)
          props.onType(event.target.value.trim())
        }}
      />
    </label>
  )
}

export function useIsSelf(userId: string): boolean {
  return useSession().person.userId === userId
}
