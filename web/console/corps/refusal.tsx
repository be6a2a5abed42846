import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { Checks } from '../../ui/connected/checks.tsx'
import { useText } from '../../ui/text.ts'

/** Shown when WeCom refused the values to be saved: WeCom's answer, and a button to save them anyway. */
export function Refusal(props: { checks: readonly Check[]; isSaving: boolean; force(): void }): ReactNode {
  const t = useText('corps')
  return (
    <Alert
      type="error"
      showIcon
      title={t('refusedTitle')}
      description={
        <>
          <Checks checks={props.checks} />
          <Button size="small" loading={props.isSaving} onClick={props.force}>
            {t('forceSave')}
          </Button>
        </>
      }
    />
  )
}
