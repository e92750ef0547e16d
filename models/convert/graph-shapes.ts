import { edges } from './graph-node.js';
import { axisOf, constantOf, given, known, of, type Op } from './graph-operand.js';

export const pad: Op = (drawn) => {
  const { node, drawing } = drawn;
  const { values } = constantOf(drawn, 1);
  const filling = node.inputs.length > 2 ? constantOf(drawn, 2).values[0] : 0;
  const [batchBefore, batchAfter, , , , , channelsBefore, channelsAfter] = values;
  if (values.length !== 8 || batchBefore + batchAfter + channelsBefore !== 0 || filling !== 0)
    throw node.unsupported('padding by anything but zeros around a map or after its channels');
  let x = of(drawn);
  const around = edges(values);
  if (Object.values(around).some((count) => count > 0)) x = drawing.pad(x, around, node.name);
  if (channelsAfter > 0) x = drawing.padChannels(x, channelsAfter, node.name);
  return given(x);
};

export const overMap =
  (verb: 'globalAverage' | 'globalMaximum'): Op =>
  (drawn) => {
    const { node, drawing } = drawn;
    const x = of(drawn);
    const axes = [...constantOf(drawn, 1).values].map((axis) => axisOf(axis, x)).sort();
    if (axes.join() !== '1,2') throw node.unsupported(`a reduction over the axes ${axes.join(', ')}`);
    return given(drawing[verb](x, node.flag('keep_dims'), node.name));
  };

export const reshape: Op = (drawn) => {
  const { node, drawing } = drawn;
  const shape = [...constantOf(drawn, 1).values];
  const { constant, result } = drawn.operand(0);
  if (constant) {
    const rest = shape.reduce((all, each) => (each < 0 ? all : all * each), 1);
    return known(
      constant.values,
      shape.map((each) => (each < 0 ? constant.values.length / rest : each)),
    );
  }
  return given(drawing.reshape(result, shape.slice(1), node.name));
};

export const squeeze: Op = (drawn) => {
  const { node, drawing } = drawn;
  const x = of(drawn);
  const axes = node.numbers('squeeze_dims').map((axis) => axisOf(axis, x));
  const shape = x.shape.filter((length, i) => (axes.length > 0 ? !axes.includes(i + 1) : length !== 1));
  return given(drawing.reshape(x, shape, node.name));
};

export const concat: Op = (drawn) => {
  const { node, drawing } = drawn;
  const last = node.inputs.length - 1;
  const axis = constantOf(drawn, last).values[0];
  const parts = node.inputs.slice(0, last).map((_, i) => of(drawn, i));
  return given(drawing.concat(parts, axisOf(axis, parts[0]), node.name));
};

export const split: Op = (drawn) => {
  const { node, drawing } = drawn;
  const sized = node.op === 'SplitV';
  const x = of(drawn, sized ? 0 : 1);
  const axis = axisOf(constantOf(drawn, sized ? 2 : 0).values[0], x);
  if (axis !== 3) throw node.unsupported('cutting anything but channels');
  const parts = node.number('num_split', 1);
  const counts = sized
    ? [...constantOf(drawn, 1).values]
    : new Array<number>(parts).fill(x.place.channels / parts);
  let from = 0;
  return counts.map((count) => given(drawing.sliceChannels(x, (from += count) - count, count, node.name)));
};

export const slice: Op = (drawn) => {
  const { node, drawing } = drawn;
  const x = of(drawn);
  const [begin, size] = [constantOf(drawn, 1).values, constantOf(drawn, 2).values];
  const whole = x.shape
    .slice(0, 2)
    .every((length, i) => begin[i + 1] === 0 && [-1, length].includes(size[i + 1]));
  if (x.shape.length !== 3 || !whole) throw node.unsupported('cutting anything but channels');
  const count = size[3] < 0 ? x.place.channels - begin[3] : size[3];
  return given(drawing.sliceChannels(x, begin[3], count, node.name));
};

/** Shapes are known beforehand, but for the batch, which is written as -1: reshapes take it so. */
export const shape: Op = (drawn) => {
  const lengths = [-1, ...of(drawn).shape];
  return known(lengths, [lengths.length]);
};

/** One number, or a run of them, out of a shape. */
export const stridedSlice: Op = (drawn) => {
  const { node } = drawn;
  const { constant } = drawn.operand(0);
  const [begin, end, step] = [1, 2, 3].map((i) => constantOf(drawn, i).values[0]);
  if (constant?.shape.length !== 1 || step !== 1) throw node.unsupported('cutting anything but a shape');
  const from = node.number('begin_mask', 0) === 1 ? 0 : begin;
  if (node.number('shrink_axis_mask', 0) === 1) return known(constant.values.slice(from).slice(0, 1), []);
  const cut = constant.values.slice(from, node.number('end_mask', 0) === 1 ? undefined : end);
  return known(cut, [cut.length]);
};

export const pack: Op = (drawn) => {
  const values = drawn.node.inputs.map((_, i) => constantOf(drawn, i).values[0]);
  return known(values, [values.length]);
};
