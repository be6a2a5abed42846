import { Button, Spin } from 'antd'
import type { ReactNode } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { Panel } from '../panel.tsx'
import { useText } from '../text.ts'
import { formatTime } from '../values/format.ts'
import { Checks } from './checks.tsx'
import './connected.css'

type ExaminationState = {
  /** What the last one found. */
  diagnosis: { at: string; checks: readonly Check[] } | null
  isRunning: boolean
  examine(): void
  /** What it does there, for whoever has never run it. */
  about: string
  /** Whom it waits for. */
  waiting: string
}

/** The button that examines what is connected, and when that was done last. */
export function ExamineBar(props: ExaminationState & { isMinor?: boolean }): ReactNode {
  const t = useText('objects')
  const { diagnosis, isRunning } = props
  return (
    <div className="wisp-examine">
      <Button type={props.isMinor ? 'default' : 'primary'} loading={isRunning} onClick={props.examine}>
        {t(diagnosis ? 'examineAgain' : 'examine')}
      </Button>
      <span className="wisp-quiet" role="status">
        {isRunning
          ? props.waiting
          : diagnosis
            ? t('examinedAt', { time: formatTime(diagnosis.at) })
            : props.about}
      </span>
    </div>
  )
}

/** Whether what is connected works: asked by hand, with what was found below. */
export function Examination(props: ExaminationState & { title: string; children?: ReactNode }): ReactNode {
  const { title, children, ...examined } = props
  return (
    <Panel title={title}>
      <ExamineBar {...examined} />
      <Spin spinning={props.isRunning}>
        <Checks checks={props.diagnosis?.checks ?? []} />
      </Spin>
      {children}
    </Panel>
  )
}
