// node who-is-here.ts <jessionId>
import { Wisp } from './wisp.ts'

const [jessionId = ''] = process.argv.slice(2)
// 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
type Person = { userId: string; userName: string }
const person = await Wisp.fromEnvironment().get<Person | null>('/api/user/getInfo', { jessionId })
if (person) console.log(person.userId, person.userName)
else console.log('请重新登录 / sign in again')
