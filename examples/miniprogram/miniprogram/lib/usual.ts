/** What residents mostly write about, in their own words, and the official category that it belongs to. */

interface Usual {
  words: string;
  topic: string;
  name: string;
}

export const USUAL: readonly Usual[] = [
  { words: '路灯、楼道灯、门禁、井盖', topic: '城乡建设', name: '城市建设和市政管理' },
  { words: '物业、漏水、电梯、房屋', topic: '城乡建设', name: '住房保障与房地产' },
  { words: '加装改造、施工质量', topic: '城乡建设', name: '工程质量' },
  { words: '消防通道、飞线、安全隐患', topic: '城乡建设', name: '安全生产' },
  { words: '噪音、油烟、垃圾、污水', topic: '环境保护', name: '环境污染' },
  { words: '停车、出行、非机动车', topic: '交通运输', name: '交通运输' },
  { words: '低保、困难、补助', topic: '民政', name: '社会救助' },
  { words: '居委会、选举、活动室', topic: '民政', name: '基层选举和社区建设' },
];

/** The residents' words for a category; empty where there are none. */
export const wordsOf = (topic: string, name: string): string =>
  USUAL.find((each) => each.topic === topic && each.name === name)?.words ?? '';
