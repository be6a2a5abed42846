import { type ReactNode, useEffect, useState } from 'react'
import { useRefresh } from '../../ui/data/act.tsx'
import { RunPanel, useRun } from '../sync/run-panel.tsx'
import { isOpen } from '../sync/run-words.ts'

/**
 * The first sync's progress, and its result until the page is left. `runId`: the run under way while the corp was
 * never synced.
 */
export function FirstSync(props: { runId: number | undefined }): ReactNode {
  const [watched, setWatched] = useState(props.runId)
  const id = props.runId ?? watched
  useEffect(() => {
    if (props.runId !== undefined) setWatched(props.runId)
  }, [props.runId])
  return id === undefined ? null : <Watched key={id} id={id} />
}

function Watched(props: { id: number }): ReactNode {
  const refresh = useRefresh()
  const { data } = useRun(props.id)
  const hasEnded = data !== undefined && !isOpen(data)
  useEffect(() => {
    // The figures and steps of the page have changed with it.
    if (hasEnded) void refresh('/web/overview')
  }, [hasEnded, refresh])
  return data ? <RunPanel run={data} withLink /> : null
}
