import { Steps } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useUrlState } from '../address/url-state.ts'
import { useNarrow } from '../look/width.ts'
import { PageTitle } from '../page-title.tsx'
import { Panel } from '../panel.tsx'
import { useText } from '../text.ts'
import { CheckStep } from './check-step.tsx'
import { ColumnsStep } from './columns-step.tsx'
import { FileStep } from './file-step.tsx'
import './import.css'
import type { ImportKind, ImportPreview, ImportResult, PickedFile } from './import-kind.ts'
import { ResultStep } from './result-step.tsx'

const steps = ['file', 'columns', 'check', 'result'] as const
type Step = (typeof steps)[number]

/**
 * Imports a file in four steps: choosing it, seeing and choosing which column is which, checking what would happen, and reading
 * what has happened. Each step has an address, so that the browser's back button goes one step back; what was chosen and
 * read stays until another file is chosen.
 */
export function ImportWizard<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
}): ReactNode {
  const t = useText('import')
  const isNarrow = useNarrow()
  const { kind } = props
  const [picked, setPicked] = useState<{ file: PickedFile; preview: P }>()
  const [result, setResult] = useState<R>()
  const [step, go] = useStep(picked !== undefined, result !== undefined)
  const onRead = (file: PickedFile, preview: P) => {
    setPicked({ file, preview })
    setResult(undefined)
    const { lacking, ignoredColumns } = preview.file
    // Whoever has chosen the columns knows that others are left.
    const isClear = lacking === '' && (file.columns || ignoredColumns.length === 0)
    go(isClear ? 'check' : 'columns')
  }
  const onDone = (done: R) => {
    setResult(done)
    go('result')
  }
  return (
    <>
      <PageTitle title={kind.title} hint={kind.hint} />
      <Panel>
        <Steps
          current={steps.indexOf(step)}
          size="small"
          orientation={isNarrow ? 'vertical' : 'horizontal'}
          style={{ marginBottom: 24 }}
          items={steps.map(one => ({ title: t(`step_${one}`) }))}
        />
        {step === 'result' && result ? (
          <ResultStep kind={kind} result={result} onAgain={() => go('file')} />
        ) : step === 'check' && picked ? (
          <CheckStep
            kind={kind}
            {...picked}
            isApplied={result !== undefined}
            onAgain={() => go('file')}
            toColumns={() => go('columns')}
            onDone={onDone}
            toResult={() => go('result')}
          />
        ) : step === 'columns' && picked ? (
          <ColumnsStep
            kind={kind}
            {...picked}
            onAgain={() => go('file')}
            onRead={onRead}
            onNext={() => go('check')}
          />
        ) : (
          <FileStep kind={kind} chosen={picked?.file} onRead={onRead} onNext={() => go('columns')} />
        )}
      </Panel>
    </>
  )
}

/** The step that the address names, if that has been reached since the page was opened. */
function useStep(isRead: boolean, isDone: boolean): [Step, (step: Step) => void] {
  const [values, set] = useUrlState()
  const named = steps.find(one => one === values['step']) ?? 'file'
  const isThere = named === 'file' || (named === 'result' ? isDone : isRead)
  // Those that have just been reached are there with the next render.
  const [wanted, setWanted] = useState<Step>()
  useEffect(() => {
    if (!isThere && wanted !== named) set({ step: undefined }, { replace: true })
  }, [isThere, wanted, named, set])
  const go = (step: Step) => {
    setWanted(step)
    set({ step: step === 'file' ? undefined : step })
  }
  return [isThere ? named : 'file', go]
}
