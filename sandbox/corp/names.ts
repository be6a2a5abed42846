import { hash } from './random.ts'

interface Syllable {
  han: string
  pinyin: string
}

const parse = (text: string): Syllable[] =>
  text
    .trim()
    .split(/\s+/)
    .map(pair => {
      const pinyin = pair.match(/[a-z]+$/)?.[0] ?? ''
      return { han: pair.slice(0, pair.length - pinyin.length), pinyin }
    })

/** Ordered by frequency in the population; names at the front are chosen more often. */
const surnames = parse(`
王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin
高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong
潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong
姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai 孟meng
秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue 闫yan 段duan 雷lei 龙long 黎li 史shi 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao
万wan 覃qin 武wu 钱qian 戴dai 严yan 莫mo 孔kong 向xiang 常chang 汤tang 康kang 易yi 乔qiao 赖lai 文wen`)

const unusualSurnames = parse(`
欧阳ouyang 司马sima 上官shangguan 诸葛zhuge 慕容murong 皇甫huangfu 令狐linghu 尉迟yuchi 东方dongfang 夏侯xiahou
司徒situ 端木duanmu 单shan 仝tong 逄pang 亓qi 郗xi 禤xuan 佘she 冼xian 昝zan 麴qu 妫gui 查zha 仇qiu 区ou`)

const maleGiven = parse(`
伟wei 强qiang 磊lei 军jun 洋yang 勇yong 杰jie 涛tao 超chao 刚gang 平ping 辉hui 鹏peng 飞fei 波bo 斌bin 宇yu 浩hao 凯kai
健jian 俊jun 帆fan 龙long 帅shuai 毅yi 峰feng 志zhi 文wen 明ming 建jian 国guo 华hua 海hai 亮liang 东dong 博bo 泽ze
轩xuan 睿rui 晨chen 阳yang 翔xiang 旭xu 威wei 林lin 成cheng 康kang 振zhen 庆qing 立li 松song 恒heng 腾teng 航hang 瑞rui
皓hao 天tian 永yong 家jia 晓xiao 德de 嘉jia 云yun 世shi 学xue 子zi 一yi`)

const femaleGiven = parse(`
芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 燕yan 玲ling 婷ting 慧hui 莹ying 雪xue 琳lin 晶jing 颖ying 洁jie 倩qian
萍ping 红hong 梅mei 丹dan 蕾lei 璐lu 欣xin 怡yi 悦yue 佳jia 瑶yao 梦meng 思si 雨yu 诗shi 涵han 子zi 若ruo 晓xiao 雅ya
文wen 婉wan 琪qi 薇wei 秀xiu 淑shu 美mei 春chun 兰lan 凤feng 月yue 爱ai 玉yu 桂gui 英ying 素su 云yun 珊shan 媛yuan 彤tong
妍yan 馨xin 宁ning 菲fei 晨chen 曦xi 嘉jia`)

export interface PersonName {
  name: string
  surname: string
  given: string
  /** WeCom's gender: "1" male, "2" female, "0" not stated. */
  gender: '0' | '1' | '2'
}

const fixed: readonly PersonName[] = [
  { name: '张三', surname: 'zhang', given: 'san', gender: '1' },
  { name: '李四', surname: 'li', given: 'si', gender: '1' },
  { name: '王五', surname: 'wang', given: 'wu', gender: '1' },
  { name: '赵敏', surname: 'zhao', given: 'min', gender: '2' },
]

/** Name and gender of the person in a slot. Slots 1 to 4 are fixed for use in examples: 张三, 李四, 王五, 赵敏. */
export function personName(seed: number, slot: number): PersonName {
  const known = fixed[slot - 1]
  if (known) return known
  const dice = hash(seed, slot, 1)
  const male = dice % 100 < 54
  const pool = male ? maleGiven : femaleGiven
  const skewed = (hash(seed, slot, 2) / 4294967296) ** 1.7
  const surname =
    (dice >>> 8) % 50 === 0
      ? unusualSurnames[hash(seed, slot, 3) % unusualSurnames.length]!
      : surnames[Math.floor(skewed * surnames.length)]!
  const first = pool[hash(seed, slot, 4) % pool.length]!
  const second = (dice >>> 16) % 100 < 28 ? undefined : pool[hash(seed, slot, 5) % pool.length]!
  return {
    name: surname.han + first.han + (second?.han ?? ''),
    surname: surname.pinyin,
    given: first.pinyin + (second?.pinyin ?? ''),
    gender: (dice >>> 24) % 50 === 0 ? '0' : male ? '1' : '2',
  }
}
