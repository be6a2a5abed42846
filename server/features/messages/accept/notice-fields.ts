import { optionalObjects, optionalStructured, optionalText, text } from '../../../platform/http/input.ts'
import { dataSchema } from '../../message-types/definition.ts'
import { receiverFields, requestIdField } from './submission.ts'
import { timingFields } from './timing.ts'

const rowsAtMost = 1000

const dataOfAll = {
  zh: '模板变量的值，{名称: 文本、数字或布尔值}；与 rows、toList 同用时为各行共有的值',
  en: 'Values of the variables, {name: text, number or boolean}; those of every row where rows or toList is given',
}

/** The inputs of `message/notify`. */
export const noticeFields = {
  type: text({ zh: '消息类型的 key', en: 'Key of the message type' }, { max: 64 }),
  ...receiverFields,
  data: optionalStructured(dataOfAll, dataSchema),
  rows: optionalObjects(
    { zh: '每人一行，最多 1000 行', en: 'One row for each person, at most 1000' },
    {
      userId: text({ zh: '成员 ID', en: 'Id of the member' }, { max: 128 }),
      data: optionalStructured({ zh: '这个人的变量', en: 'The variables of this person' }, dataSchema),
    },
    { max: rowsAtMost },
  ),
  toList: optionalText(
    {
      zh: '名单 id，由 message/list 上传得到；名单的列是各人的变量',
      en: 'Id of a list that was uploaded by message/list; its columns are the variables of each person',
    },
    { max: 64 },
  ),
  link: optionalText(
    { zh: '跳转链接，代替模板的链接', en: "Where it leads, in the place of the template's address" },
    { max: 4096 },
  ),
  ...timingFields,
  requestId: requestIdField,
}
