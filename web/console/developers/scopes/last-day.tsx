import type { ReactNode } from 'react'
import { DatePicker, type DateProps } from '../../../ui/fields/dates.tsx'
import { useText } from '../../../ui/text.ts'
import { clockNow } from '../../../ui/values/picked.ts'

/** The last day of a scope, or none. */
export function LastDay(props: DateProps): ReactNode {
  const t = useText('developer-owners')
  return (
    <DatePicker
      placeholder={t('noEnd')}
      minDate={clockNow().startOf('day')}
      // Enter takes over what was typed here, and must not send the form without it.
      onKeyDown={event => {
        if (event.key === 'Enter') event.preventDefault()
      }}
      {...props}
    />
  )
}
