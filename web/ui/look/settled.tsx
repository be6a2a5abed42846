import type { ReactNode } from 'react'
import { Loading } from '../feedback.tsx'

/**
 * Holds back what stands below something whose height is not known before it is read, so that nothing that is shown is pushed
 * down. What is held back is there already and reads meanwhile.
 */
export function Settled(props: { isReady: boolean; children: ReactNode }): ReactNode {
  return (
    <>
      {props.isReady ? null : <Loading />}
      <div hidden={!props.isReady}>{props.children}</div>
    </>
  )
}
