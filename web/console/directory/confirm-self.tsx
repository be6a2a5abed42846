import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'

/** Somebody who changes their own rights has to type their userid, because they could lock themselves out. */
export function ConfirmSelf(props: {
  userId: string
  value?: string
  onChange?(text: string): void
}): ReactNode {
  const t = useText('directory')
  return (
    <label htmlFor="confirm-self" style={{ display: 'grid', gap: 6 }}>
      <span>{t('confirmSelf', { userId: props.userId })}</span>
      <Input
        id="confirm-self"
        {...(props.value === undefined ? {} : { value: props.value })}
        aria-label={t('confirmSelfLabel')}
        onChange={event => props.onChange?.(event.target.value)}
      />
    </label>
  )
}

export function useIsSelf(userId: string): boolean {
  return useSession().person.userId === userId
}
