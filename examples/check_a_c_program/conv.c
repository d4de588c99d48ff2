/* A convolution in C, on .npy files, and how it is checked:

     cc -O2 -o conv conv.c
     convolab check --command "./conv {input} {weight} {output} {stride} {padding}" --dtype float32

   or as a library, through ctypes (check_ctypes.py):

     cc -O2 -shared -fPIC -o libconv.so conv.c
     python check_ctypes.py

   It is a cross-correlation of (N, C, H, W) images with (F, C, kH, kW) filters, all float32. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int shape[4];
    float *data;
} Array;

static void fail(const char *what, const char *path) {
    fprintf(stderr, "conv: %s: %s\n", path, what);
    exit(1);
}

static Array empty(int n, int c, int h, int w) {
    Array a = {{n, c, h, w}, calloc((size_t)n * c * h * w, sizeof(float))};
    return a;
}

/* A .npy file: "\x93NUMPY", version 1.0, the header's length in two bytes, the header as text, then the numbers. */
static Array load(const char *path) {
    unsigned char head[10];
    char text[4096] = "";
    int n, c, h, w;
    FILE *file = fopen(path, "rb");
    if (!file || fread(head, 1, 10, file) != 10 || memcmp(head, "\x93NUMPY\x01", 7)) fail("is no .npy file", path);
    size_t length = head[8] + 256 * head[9];
    if (length >= sizeof text || fread(text, 1, length, file) != length) fail("has no header", path);
    if (!strstr(text, "'<f4'") || strstr(text, "True")) fail("is not float32 in C order", path);
    char *shape = strchr(text, '(');
    if (!shape || sscanf(shape, "(%d, %d, %d, %d)", &n, &c, &h, &w) != 4) fail("does not have four axes", path);
    Array a = empty(n, c, h, w);
    size_t count = (size_t)n * c * h * w;
    if (fread(a.data, sizeof(float), count, file) != count) fail("ends too early", path);
    fclose(file);
    return a;
}

static void save(const char *path, Array a) {
    char text[119];
    int used = snprintf(text, sizeof text, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, %d, %d), }",
                        a.shape[0], a.shape[1], a.shape[2], a.shape[3]);
    memset(text + used, ' ', 117 - used);
    text[117] = '\n';
    FILE *file = fopen(path, "wb");
    if (!file) fail("cannot be written", path);
    fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, file); /* 0x76 = 118 bytes of header: the numbers begin at byte 128 */
    fwrite(text, 1, 118, file);
    fwrite(a.data, sizeof(float), (size_t)a.shape[0] * a.shape[1] * a.shape[2] * a.shape[3], file);
    fclose(file);
}

int output_size(int input, int kernel, int stride, int padding) { return (input + 2 * padding - kernel) / stride + 1; }

/* `in` and `w` are the four extents of input and weight; the output has room for (N, F, oH, oW). */
void conv2d(const float *input, const int *in, const float *weight, const int *w, float *output, int stride, int padding) {
    int height = output_size(in[2], w[2], stride, padding), width = output_size(in[3], w[3], stride, padding);
    for (int n = 0; n < in[0]; n++)
        for (int f = 0; f < w[0]; f++)
            for (int oy = 0; oy < height; oy++)
                for (int ox = 0; ox < width; ox++) {
                    float sum = 0;
                    for (int c = 0; c < in[1]; c++)
                        for (int ky = 0; ky < w[2]; ky++)
                            for (int kx = 0; kx < w[3]; kx++) {
                                int iy = stride * oy + ky - padding, ix = stride * ox + kx - padding;
                                if (iy < 0 || iy >= in[2] || ix < 0 || ix >= in[3]) continue;
                                sum += input[((n * in[1] + c) * in[2] + iy) * in[3] + ix] *
                                       weight[((f * w[1] + c) * w[2] + ky) * w[3] + kx];
                            }
                    output[((n * w[0] + f) * height + oy) * width + ox] = sum;
                }
}

int main(int count, char **words) {
    if (count != 6) fail("expected INPUT WEIGHT OUTPUT STRIDE PADDING", words[0]);
    Array input = load(words[1]), weight = load(words[2]);
    int stride = atoi(words[4]), padding = atoi(words[5]);
    int height = output_size(input.shape[2], weight.shape[2], stride, padding);
    Array output = empty(input.shape[0], weight.shape[0], height, output_size(input.shape[3], weight.shape[3], stride, padding));
    conv2d(input.data, input.shape, weight.data, weight.shape, output.data, stride, padding);
    save(words[3], output);
    return 0;
}
