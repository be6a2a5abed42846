import { Steps } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useNarrow } from '../../../ui/look/width.ts'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import '../directory.css'
import { ImportFileStep } from './import-file.tsx'
import { ImportPreviewStep } from './import-preview.tsx'
import { ImportResultStep } from './import-result.tsx'
import type { PickedFile } from './picked-file.ts'

/**
 * Imports mobile numbers and mail addresses in three steps: choosing the file, checking its content, reading
 * the result.
 */
export function Page(): ReactNode {
  const t = useText('directory')
  const isNarrow = useNarrow()
  const [file, setFile] = useState<PickedFile & { preview: Answer<'/web/directory/import-preview'> }>()
  const [result, setResult] = useState<Answer<'/web/directory/import-apply'>>()
  const step = result ? 2 : file ? 1 : 0
  const startAgain = () => {
    setFile(undefined)
    setResult(undefined)
  }
  return (
    <>
      <PageTitle title={t('importTitle')} hint={t('importHint')} />
      <Panel>
        <Steps
          current={step}
          size="small"
          orientation={isNarrow ? 'vertical' : 'horizontal'}
          style={{ marginBottom: 24 }}
          items={[
            { title: t('importStepFile') },
            { title: t('importStepPreview') },
            { title: t('importStepResult') },
          ]}
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
