import { Steps } from 'antd'
import { type ReactNode, useState } from 'react'
import { useNarrow } from '../../../../ui/look/width.ts'
import { PageTitle } from '../../../../ui/page-title.tsx'
import { Panel } from '../../../../ui/panel.tsx'
import { useText } from '../../../../ui/text.ts'
import '../../../directory/directory.css'
import '../bills.css'
import { ImportFileStep } from './import-file.tsx'
import { ImportPreviewStep } from './import-preview.tsx'
import { ImportResultStep } from './import-result.tsx'
import type { PickedFile, Preview, Result } from './picked-file.ts'

/** Makes bills of a file in three steps: choosing it, looking at what it would do, reading what it did. */
export function Page(): ReactNode {
  const t = useText('payments-bills')
  const isNarrow = useNarrow()
  const [file, setFile] = useState<PickedFile & { preview: Preview }>()
  const [result, setResult] = useState<Result>()
  const startAgain = () => {
    setFile(undefined)
    setResult(undefined)
  }
  return (
    <>
      <PageTitle title={t('importTitle')} hint={t('importHint')} />
      <Panel>
        <Steps
          current={result ? 2 : file ? 1 : 0}
          size="small"
          orientation={isNarrow ? 'vertical' : 'horizontal'}
          style={{ marginBottom: 24 }}
          items={[{ title: t('stepFile') }, { title: t('stepPreview') }, { title: t('stepResult') }]}
        />
        {result ? (
          <ImportResultStep result={result} onAgain={startAgain} />
        ) : file ? (
          <ImportPreviewStep file={file} preview={file.preview} onAgain={startAgain} onDone={setResult} />
        ) : (
          <ImportFileStep onRead={(picked, preview) => setFile({ ...picked, preview })} />
        )}
      </Panel>
    </>
  )
}
