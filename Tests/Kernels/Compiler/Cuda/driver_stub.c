// A stand-in for the NVIDIA driver: the entry points that GatysGpu uses, with the prototypes that CUDA's documentation gives them,
// independent of the C# declarations that they check. It has no GPU: device memory is memory of the process, copies and fills are
// done at once (or put into a graph during a capture), kernels are only written down. It says which calls arrived with which
// values, refuses handles that do not exist, and fails where it is told to.
//
// Compiled with -DWITHOUT_cuGraphInstantiateWithFlags it is a driver from before CUDA 11.4.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define API __attribute__((visibility("default")))

// Types of cuda.h.
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
typedef struct object *CUcontext, *CUmodule, *CUfunction, *CUstream, *CUevent, *CUgraph, *CUgraphExec;
typedef enum {
    CUDA_SUCCESS = 0, CUDA_ERROR_INVALID_VALUE = 1, CUDA_ERROR_OUT_OF_MEMORY = 2, CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_NO_DEVICE = 100, CUDA_ERROR_INVALID_DEVICE = 101, CUDA_ERROR_INVALID_CONTEXT = 201, CUDA_ERROR_INVALID_PTX = 218,
    CUDA_ERROR_INVALID_HANDLE = 400, CUDA_ERROR_NOT_FOUND = 500, CUDA_ERROR_ILLEGAL_ADDRESS = 700,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901
} CUresult;
typedef enum { CU_DEVICE_ATTRIBUTE_MAX = 1000 } CUdevice_attribute;
typedef enum { CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8 } CUfunction_attribute;
typedef enum {
    CU_JIT_MAX_REGISTERS = 0, CU_JIT_INFO_LOG_BUFFER = 3, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4, CU_JIT_ERROR_LOG_BUFFER = 5,
    CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6, CU_JIT_LOG_VERBOSE = 12, CU_JIT_GENERATE_LINE_INFO = 13
} CUjit_option;
typedef enum { CU_STREAM_CAPTURE_MODE_GLOBAL = 0, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1 } CUstreamCaptureMode;

// A thing that exists: a handle is its address, the log calls it by kind and number.
enum kind { CONTEXT, MEMORY, PINNED, MODULE, FUNCTION, STREAM, EVENT, GRAPH, EXECUTABLE, KINDS };
static const char *const kind_names[KINDS] = {"context", "memory", "pinned", "module", "kernel", "stream", "event", "graph", "exec"};

struct operation { enum { COPY, SET8, SET32, KERNEL } what; void *to; const void *from; size_t count; unsigned value; };

struct object {
    enum kind kind;
    int number;
    struct object *next;
    char *start;                    // memory
    size_t bytes;
    struct operation *operations;   // graph, executable, and a stream under capture
    int operation_count, capturing; // stream: 1 under capture, 2 where a call has spoilt the capture
    int reached;                    // event: the time at which it was recorded, 0 before
    int dynamic_shared;             // kernel
    char name[64];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread struct object *current;
static struct object *objects;
static int numbers[KINDS], device_count, version, initialised, clock_ticks, retained[8];
static struct object contexts[8];
static unsigned long long total_memory, used_memory;
static char log_text[1 << 20];
static size_t log_length;
static struct { char call[64]; int countdown, code; } failures[8];
static int failure_count;
static struct { char kernel[64]; int sizes[32], count; } parameters[8];
static int parameter_count;

static void say(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    log_length += (size_t)vsnprintf(log_text + log_length, sizeof log_text - log_length, format, list);
    va_end(list);
    if (log_length >= sizeof log_text) abort();
}

// Writes a call down and tells whether it is to fail: once when a countdown reaches 0, always where it began there.
static CUresult arrive(const char *call, const char *format, ...)
{
    va_list list;
    pthread_mutex_lock(&lock);
    say("%s(", call);
    va_start(list, format);
    log_length += (size_t)vsnprintf(log_text + log_length, sizeof log_text - log_length, format, list);
    va_end(list);
    if (log_length >= sizeof log_text) abort();
    say(")\n");
    CUresult result = CUDA_SUCCESS;
    for (int i = 0; i < failure_count; i++)
        if (strcmp(failures[i].call, call) == 0 && failures[i].countdown >= 0) {
            if (failures[i].countdown <= 1) result = failures[i].code;
            if (failures[i].countdown > 0 && --failures[i].countdown == 0) failures[i].countdown = -1;
        }
    pthread_mutex_unlock(&lock);
    return result;
}

static struct object *find(const void *handle, enum kind kind)
{
    for (struct object *o = objects; o; o = o->next)
        if (o == handle && o->kind == kind) return o;
    return NULL;
}

static const char *name_of(const void *handle, enum kind kind)
{
    static __thread char names[8][96];
    static __thread int next;
    char *name = names[next++ % 8];
    struct object *o = find(handle, kind);
    if (handle == NULL) return "NULL";
    if (o) snprintf(name, 96, "%s#%d", kind_names[kind], o->number);
    else snprintf(name, 96, "no-%s", kind_names[kind]);
    return name;
}

// Memory by any address in it, of the device or pinned, as "memory#1+256".
static struct object *at(unsigned long long address, size_t bytes, enum kind kind)
{
    for (struct object *o = objects; o; o = o->next)
        if (o->kind == kind && address >= (uintptr_t)o->start && address - (uintptr_t)o->start < o->bytes
            && bytes <= o->bytes - (address - (uintptr_t)o->start)) return o;
    return NULL;
}

static const char *place(unsigned long long address)
{
    static __thread char names[8][96];
    static __thread int next;
    char *name = names[next++ % 8];
    struct object *o = at(address, 0, MEMORY);
    if (!o) o = at(address, 0, PINNED);
    if (o) snprintf(name, 96, "%s#%d+%llu", kind_names[o->kind], o->number, address - (uintptr_t)o->start);
    else snprintf(name, 96, "host");
    return name;
}

static struct object *make(enum kind kind)
{
    struct object *o = calloc(1, sizeof *o);
    o->kind = kind;
    o->number = ++numbers[kind];
    o->next = objects;
    objects = o;
    say("  = %s#%d\n", kind_names[kind], o->number);
    return o;
}

static CUresult destroy(struct object *o)
{
    if (!o) return CUDA_ERROR_INVALID_HANDLE;
    struct object **link = &objects;
    while (*link != o) link = &(*link)->next;
    *link = o->next;
    if (o->start) munmap(o->start, o->bytes);
    free(o->operations);
    free(o);
    return CUDA_SUCCESS;
}

static void *map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void perform(const struct operation *o)
{
    if (o->what == COPY) memcpy(o->to, o->from, o->count);
    if (o->what == SET8) memset(o->to, (int)o->value, o->count);
    if (o->what == SET32)
        for (size_t i = 0; i < o->count; i++) ((uint32_t *)o->to)[i] = o->value;
}

static CUresult enqueue(CUstream stream, struct operation operation)
{
    struct object *s = find(stream, STREAM);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    if (!s->capturing) {
        perform(&operation);
        return CUDA_SUCCESS;
    }
    if (s->capturing == 2) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    s->operations = realloc(s->operations, (size_t)(s->operation_count + 1) * sizeof operation);
    s->operations[s->operation_count++] = operation;
    return CUDA_SUCCESS;
}

// What a driver cannot do, or does not permit, while a stream is captured: it spoils the capture.
static int spoils_capture(void)
{
    int spoilt = 0;
    for (struct object *o = objects; o; o = o->next)
        if (o->kind == STREAM && o->capturing) spoilt = o->capturing = 2;
    return spoilt;
}

#define ARRIVE(...) do { CUresult told = arrive(__func__, __VA_ARGS__); if (told) return told; } while (0)
#define NEED_INIT if (!initialised) return CUDA_ERROR_NOT_INITIALIZED
#define NEED_CONTEXT if (!current) return CUDA_ERROR_INVALID_CONTEXT
#define NEED_NO_CAPTURE if (spoils_capture()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED

// What the tests ask of the stub itself.
API void stub_reset(void)
{
    while (objects) destroy(objects);
    memset(numbers, 0, sizeof numbers);
    memset(retained, 0, sizeof retained);
    device_count = 1;
    version = 12040;
    initialised = clock_ticks = 0;
    total_memory = 8ULL << 30;
    used_memory = 0;
    log_text[log_length = 0] = 0;
    failure_count = parameter_count = 0;
    current = NULL;
}

API const char *stub_log(void) { return log_text; }
API void stub_clear_log(void) { log_text[log_length = 0] = 0; }
API void stub_devices(int count) { device_count = count; }
API void stub_version(int number) { version = number; }
API void stub_memory(unsigned long long total) { total_memory = total; }

API void stub_fail(const char *call, int nth, int code)
{
    snprintf(failures[failure_count].call, 64, "%s", call);
    failures[failure_count].countdown = nth;
    failures[failure_count++].code = code;
}

API void stub_parameters(const char *kernel, const int *sizes, int count)
{
    snprintf(parameters[parameter_count].kernel, 64, "%s", kernel);
    memcpy(parameters[parameter_count].sizes, sizes, (size_t)count * sizeof *sizes);
    parameters[parameter_count++].count = count;
}

// Everything that exists, as "stream#1 memory#2 "; contexts that are retained are among it.
API const char *stub_alive(void)
{
    static char text[4096];
    size_t n = 0;
    text[0] = 0;
    for (struct object *o = objects; o; o = o->next)
        if (o->kind != FUNCTION) n += (size_t)snprintf(text + n, sizeof text - n, "%s#%d ", kind_names[o->kind], o->number);
    for (int i = 0; i < 8; i++)
        if (retained[i]) n += (size_t)snprintf(text + n, sizeof text - n, "context:%d ", i);
    return text;
}

API CUresult cuInit(unsigned int Flags)
{
    ARRIVE("%u", Flags);
    initialised = 1;
    return device_count < 0 ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
}

API CUresult cuDriverGetVersion(int *driverVersion)
{
    ARRIVE("");
    *driverVersion = version;
    return CUDA_SUCCESS;
}

API CUresult cuGetErrorName(CUresult error, const char **pStr)
{
    *pStr = error == CUDA_ERROR_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : error == CUDA_ERROR_NO_DEVICE ? "CUDA_ERROR_NO_DEVICE"
        : error == CUDA_ERROR_INVALID_PTX ? "CUDA_ERROR_INVALID_PTX" : error == CUDA_ERROR_ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS"
        : error == CUDA_ERROR_NOT_FOUND ? "CUDA_ERROR_NOT_FOUND" : error == 999 ? "CUDA_ERROR_UNKNOWN" : NULL;
    return *pStr ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

API CUresult cuGetErrorString(CUresult error, const char **pStr)
{
    *pStr = error == CUDA_ERROR_OUT_OF_MEMORY ? "out of memory" : error == CUDA_ERROR_NO_DEVICE ? "no CUDA-capable device is detected"
        : error == CUDA_ERROR_INVALID_PTX ? "a PTX JIT compilation failed" : error == CUDA_ERROR_ILLEGAL_ADDRESS
        ? "an illegal memory access was encountered" : error == CUDA_ERROR_NOT_FOUND ? "named symbol not found"
        : error == 999 ? "unknown error" : NULL;
    return *pStr ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

API CUresult cuDeviceGetCount(int *count)
{
    NEED_INIT;
    ARRIVE("");
    *count = device_count;
    return CUDA_SUCCESS;
}

// A CUdevice need not equal its ordinal, so here it does not.
API CUresult cuDeviceGet(CUdevice *device, int ordinal)
{
    NEED_INIT;
    ARRIVE("%d", ordinal);
    if (ordinal < 0 || ordinal >= device_count) return CUDA_ERROR_INVALID_DEVICE;
    *device = ordinal + 40;
    return CUDA_SUCCESS;
}

API CUresult cuDeviceGetName(char *name, int len, CUdevice dev)
{
    ARRIVE("%d, %d", len, dev);
    if (dev < 40 || dev >= 40 + device_count) return CUDA_ERROR_INVALID_DEVICE;
    snprintf(name, (size_t)len, "Stub %c", 'A' + dev - 40);
    return CUDA_SUCCESS;
}

// Every attribute is a different number, so that no two can be mixed up unseen; those that limit a launch are real ones.
API CUresult cuDeviceGetAttribute(int *pi, CUdevice_attribute attrib, CUdevice dev)
{
    if (dev < 40 || dev >= 40 + device_count) return CUDA_ERROR_INVALID_DEVICE;
    ARRIVE("%d, %d", (int)attrib, dev);
    switch ((int)attrib) {
    case 1: *pi = 1024; break;              // threads of a block
    case 2: *pi = 1023; break;              // block, x: not a real limit, to tell it from the threads
    case 3: *pi = 1022; break;
    case 4: *pi = 64; break;
    case 5: *pi = 2147483647; break;        // grid, x
    case 6: *pi = 65535; break;
    case 7: *pi = 65534; break;
    case 8: *pi = 49152; break;             // shared memory of a block
    case 10: *pi = 32; break;               // warp
    case 75: *pi = 8; break;                // compute capability
    case 76: *pi = 6; break;
    case 97: *pi = 101376; break;           // shared memory of a block, on request
    default: *pi = 1000 * (int)attrib + dev - 40;
    }
    return CUDA_SUCCESS;
}

API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice dev)
{
    ARRIVE("%d", dev);
    if (dev < 40 || dev >= 40 + device_count) return CUDA_ERROR_INVALID_DEVICE;
    *bytes = total_memory;
    return CUDA_SUCCESS;
}

API CUresult cuDevicePrimaryCtxRetain(CUcontext *pctx, CUdevice dev)
{
    ARRIVE("%d", dev);
    if (dev < 40 || dev >= 40 + device_count) return CUDA_ERROR_INVALID_DEVICE;
    retained[dev - 40]++;
    *pctx = &contexts[dev - 40];
    return CUDA_SUCCESS;
}

API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice dev)
{
    ARRIVE("%d", dev);
    if (dev < 40 || dev >= 40 + device_count || retained[dev - 40] == 0) return CUDA_ERROR_INVALID_CONTEXT;
    retained[dev - 40]--;
    return CUDA_SUCCESS;
}

API CUresult cuCtxSetCurrent(CUcontext ctx)
{
    if (ctx) ARRIVE("context:%d", (int)(ctx - contexts)); else ARRIVE("NULL");
    if (ctx && (ctx < contexts || ctx >= contexts + 8 || !retained[ctx - contexts])) return CUDA_ERROR_INVALID_CONTEXT;
    current = ctx;
    return CUDA_SUCCESS;
}

API CUresult cuCtxSynchronize(void)
{
    ARRIVE("");
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    return CUDA_SUCCESS;
}

API CUresult cuMemGetInfo_v2(size_t *free, size_t *total)
{
    ARRIVE("");
    NEED_CONTEXT;
    *free = total_memory - used_memory;
    *total = total_memory;
    return CUDA_SUCCESS;
}

API CUresult cuMemAlloc_v2(CUdeviceptr *dptr, size_t bytesize)
{
    ARRIVE("%zu", bytesize);
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    if (bytesize == 0) return CUDA_ERROR_INVALID_VALUE;
    if (bytesize > total_memory - used_memory) return CUDA_ERROR_OUT_OF_MEMORY;
    void *start = map(bytesize);
    if (!start) return CUDA_ERROR_OUT_OF_MEMORY;
    struct object *o = make(MEMORY);
    o->start = start;
    o->bytes = bytesize;
    used_memory += bytesize;
    *dptr = (uintptr_t)start;
    return CUDA_SUCCESS;
}

API CUresult cuMemFree_v2(CUdeviceptr dptr)
{
    ARRIVE("%s", place(dptr));
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    struct object *o = at(dptr, 0, MEMORY);
    if (!o || (uintptr_t)o->start != dptr) return CUDA_ERROR_INVALID_VALUE;
    used_memory -= o->bytes;
    return destroy(o);
}

API CUresult cuMemAllocHost_v2(void **pp, size_t bytesize)
{
    ARRIVE("%zu", bytesize);
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    struct object *o = make(PINNED);
    *pp = o->start = map(o->bytes = bytesize);
    return CUDA_SUCCESS;
}

API CUresult cuMemFreeHost(void *p)
{
    ARRIVE("%s", place((uintptr_t)p));
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    struct object *o = at((uintptr_t)p, 0, PINNED);
    return o && o->start == p ? destroy(o) : CUDA_ERROR_INVALID_VALUE;
}

API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount, CUstream hStream)
{
    ARRIVE("%s, %s, %zu, %s", place(dstDevice), place((uintptr_t)srcHost), ByteCount, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!at(dstDevice, ByteCount, MEMORY)) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){COPY, (void *)(uintptr_t)dstDevice, srcHost, ByteCount, 0});
}

API CUresult cuMemcpyDtoHAsync_v2(void *dstHost, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)
{
    ARRIVE("%s, %s, %zu, %s", place((uintptr_t)dstHost), place(srcDevice), ByteCount, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!at(srcDevice, ByteCount, MEMORY)) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){COPY, dstHost, (void *)(uintptr_t)srcDevice, ByteCount, 0});
}

API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)
{
    ARRIVE("%s, %s, %zu, %s", place(dstDevice), place(srcDevice), ByteCount, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!at(dstDevice, ByteCount, MEMORY) || !at(srcDevice, ByteCount, MEMORY)) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){COPY, (void *)(uintptr_t)dstDevice, (void *)(uintptr_t)srcDevice, ByteCount, 0});
}

API CUresult cuMemsetD8Async(CUdeviceptr dstDevice, unsigned char uc, size_t N, CUstream hStream)
{
    ARRIVE("%s, %u, %zu, %s", place(dstDevice), uc, N, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!at(dstDevice, N, MEMORY)) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){SET8, (void *)(uintptr_t)dstDevice, NULL, N, uc});
}

API CUresult cuMemsetD32Async(CUdeviceptr dstDevice, unsigned int ui, size_t N, CUstream hStream)
{
    ARRIVE("%s, 0x%x, %zu, %s", place(dstDevice), ui, N, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!at(dstDevice, 4 * N, MEMORY) || dstDevice % 4) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){SET32, (void *)(uintptr_t)dstDevice, NULL, N, ui});
}

// PTX with the word "nonsense" is refused. The info log counts the characters that arrived before the final zero.
API CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned int numOptions, CUjit_option *options, void **optionValues)
{
    char described[256] = "";
    char *info = NULL, *error = NULL;
    size_t info_bytes = 0, error_bytes = 0, n = 0;
    for (unsigned i = 0; i < numOptions; i++) {
        uintptr_t value = (uintptr_t)optionValues[i];
        if (options[i] == CU_JIT_INFO_LOG_BUFFER) info = optionValues[i];
        else if (options[i] == CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES) info_bytes = (unsigned)value;
        else if (options[i] == CU_JIT_ERROR_LOG_BUFFER) error = optionValues[i];
        else if (options[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) error_bytes = (unsigned)value;
        else n += (size_t)snprintf(described + n, sizeof described - n, " %d=%u", (int)options[i], (unsigned)value);
    }
    ARRIVE("%zu characters,%s", strlen(image), described);
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    const char *wrong = strstr(image, "nonsense");
    if (wrong) {
        int line = 1;
        for (const char *c = image; c < wrong; c++) line += *c == '\n';
        snprintf(error, error_bytes, "ptxas application ptx input, line %d; fatal   : Parsing error near 'nonsense': syntax error\n", line);
        return CUDA_ERROR_INVALID_PTX;
    }
    snprintf(info, info_bytes, "ptxas info    : %zu characters\n", strlen(image));
    *module = make(MODULE);
    return CUDA_SUCCESS;
}

API CUresult cuModuleUnload(CUmodule hmod)
{
    ARRIVE("%s", name_of(hmod, MODULE));
    NEED_CONTEXT;
    NEED_NO_CAPTURE;
    return destroy(find(hmod, MODULE));
}

// Every name is in a module, but those that begin with "absent".
API CUresult cuModuleGetFunction(CUfunction *hfunc, CUmodule hmod, const char *name)
{
    ARRIVE("%s, %s", name_of(hmod, MODULE), name);
    NEED_CONTEXT;
    if (!find(hmod, MODULE)) return CUDA_ERROR_INVALID_HANDLE;
    if (strncmp(name, "absent", 6) == 0) return CUDA_ERROR_NOT_FOUND;
    *hfunc = make(FUNCTION);
    snprintf((*hfunc)->name, sizeof (*hfunc)->name, "%s", name);
    (*hfunc)->dynamic_shared = 49152 - 1024;
    return CUDA_SUCCESS;
}

// 512 threads, 1024 shared bytes, 100 registers: as a kernel that registers keep from 1024 threads.
API CUresult cuFuncGetAttribute(int *pi, CUfunction_attribute attrib, CUfunction hfunc)
{
    static const int values[] = {512, 1024, 28, 16, 100, 75, 86, 0};
    NEED_CONTEXT;
    struct object *f = find(hfunc, FUNCTION);
    if (!f) return CUDA_ERROR_INVALID_HANDLE;
    ARRIVE("%d, %s", (int)attrib, f->name);
    *pi = attrib == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES ? f->dynamic_shared : values[attrib];
    return CUDA_SUCCESS;
}

API CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value)
{
    struct object *f = find(hfunc, FUNCTION);
    if (!f || attrib != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES) return CUDA_ERROR_INVALID_VALUE;
    ARRIVE("%s, %d, %d", f->name, (int)attrib, value);
    NEED_CONTEXT;
    f->dynamic_shared = value;
    return CUDA_SUCCESS;
}

// Writes down the bytes that each of kernelParams points to, as many as the test said the kernel declares.
API CUresult cuLaunchKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY, unsigned int gridDimZ, unsigned int blockDimX,
    unsigned int blockDimY, unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream, void **kernelParams, void **extra)
{
    struct object *o = find(f, FUNCTION);
    char arguments[4096] = "";
    size_t n = 0;
    for (int k = 0; o && k < parameter_count; k++)
        for (int i = 0; strcmp(parameters[k].kernel, o->name) == 0 && i < parameters[k].count; i++) {
            n += (size_t)snprintf(arguments + n, sizeof arguments - n, " ");
            for (int b = 0; b < parameters[k].sizes[i]; b++)
                n += (size_t)snprintf(arguments + n, sizeof arguments - n, "%02x", ((unsigned char *)kernelParams[i])[b]);
        }
    ARRIVE("%s, %u %u %u, %u %u %u, %u, %s, extra %s,%s", o ? o->name : "no kernel", gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY,
        blockDimZ, sharedMemBytes, name_of(hStream, STREAM), extra ? "given" : "NULL", arguments);
    NEED_CONTEXT;
    if (!o) return CUDA_ERROR_INVALID_HANDLE;
    if (sharedMemBytes > (unsigned)o->dynamic_shared) return CUDA_ERROR_INVALID_VALUE;
    return enqueue(hStream, (struct operation){KERNEL, NULL, NULL, 0, 0});
}

API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, CUfunction func, int blockSize, size_t dynamicSMemSize)
{
    ARRIVE("%s, %d, %zu", find(func, FUNCTION) ? ((struct object *)func)->name : "no kernel", blockSize, dynamicSMemSize);
    NEED_CONTEXT;
    *numBlocks = 1536 / blockSize;
    return CUDA_SUCCESS;
}

API CUresult cuStreamCreate(CUstream *phStream, unsigned int Flags)
{
    ARRIVE("%u", Flags);
    NEED_CONTEXT;
    *phStream = make(STREAM);
    return CUDA_SUCCESS;
}

API CUresult cuStreamDestroy_v2(CUstream hStream)
{
    ARRIVE("%s", name_of(hStream, STREAM));
    NEED_CONTEXT;
    return destroy(find(hStream, STREAM));
}

API CUresult cuStreamSynchronize(CUstream hStream)
{
    ARRIVE("%s", name_of(hStream, STREAM));
    NEED_CONTEXT;
    struct object *s = find(hStream, STREAM);
    if (s && s->capturing) NEED_NO_CAPTURE;
    return s ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

API CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, unsigned int Flags)
{
    ARRIVE("%s, %s, %u", name_of(hStream, STREAM), name_of(hEvent, EVENT), Flags);
    NEED_CONTEXT;
    return find(hStream, STREAM) && find(hEvent, EVENT) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

API CUresult cuEventCreate(CUevent *phEvent, unsigned int Flags)
{
    ARRIVE("%u", Flags);
    NEED_CONTEXT;
    *phEvent = make(EVENT);
    return CUDA_SUCCESS;
}

API CUresult cuEventDestroy_v2(CUevent hEvent)
{
    ARRIVE("%s", name_of(hEvent, EVENT));
    NEED_CONTEXT;
    return destroy(find(hEvent, EVENT));
}

API CUresult cuEventRecord(CUevent hEvent, CUstream hStream)
{
    ARRIVE("%s, %s", name_of(hEvent, EVENT), name_of(hStream, STREAM));
    NEED_CONTEXT;
    struct object *e = find(hEvent, EVENT);
    if (!e || !find(hStream, STREAM)) return CUDA_ERROR_INVALID_HANDLE;
    e->reached = ++clock_ticks;
    return CUDA_SUCCESS;
}

API CUresult cuEventSynchronize(CUevent hEvent)
{
    ARRIVE("%s", name_of(hEvent, EVENT));
    NEED_CONTEXT;
    return find(hEvent, EVENT) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

// 1.25 ms between two records, and a sign that tells which came first.
API CUresult cuEventElapsedTime(float *pMilliseconds, CUevent hStart, CUevent hEnd)
{
    ARRIVE("%s, %s", name_of(hStart, EVENT), name_of(hEnd, EVENT));
    NEED_CONTEXT;
    struct object *start = find(hStart, EVENT), *end = find(hEnd, EVENT);
    if (!start || !end || !start->reached || !end->reached) return CUDA_ERROR_INVALID_HANDLE;
    *pMilliseconds = 1.25f * (float)(end->reached - start->reached);
    return CUDA_SUCCESS;
}

API CUresult cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode)
{
    ARRIVE("%s, %d", name_of(hStream, STREAM), (int)mode);
    NEED_CONTEXT;
    struct object *s = find(hStream, STREAM);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    s->capturing = 1;
    return CUDA_SUCCESS;
}

API CUresult cuStreamEndCapture(CUstream hStream, CUgraph *phGraph)
{
    struct object *s = find(hStream, STREAM);
    CUresult told = arrive(__func__, "%s", name_of(hStream, STREAM));
    *phGraph = NULL;
    NEED_CONTEXT;
    if (!s || !s->capturing) return CUDA_ERROR_INVALID_VALUE;
    if (!told && s->capturing == 2) told = CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    s->capturing = 0;
    if (!told) {
        *phGraph = make(GRAPH);
        (*phGraph)->operations = s->operations;
        (*phGraph)->operation_count = s->operation_count;
        s->operations = NULL;
    }
    s->operation_count = 0;
    return told;
}

#ifndef WITHOUT_cuGraphInstantiateWithFlags
API CUresult cuGraphInstantiateWithFlags(CUgraphExec *phGraphExec, CUgraph hGraph, unsigned long long flags)
{
    ARRIVE("%s, %llu", name_of(hGraph, GRAPH), flags);
    NEED_CONTEXT;
    struct object *g = find(hGraph, GRAPH);
    if (!g) return CUDA_ERROR_INVALID_HANDLE;
    *phGraphExec = make(EXECUTABLE);
    (*phGraphExec)->operation_count = g->operation_count;
    (*phGraphExec)->operations = malloc((size_t)g->operation_count * sizeof *g->operations + 1);
    if (g->operation_count) memcpy((*phGraphExec)->operations, g->operations, (size_t)g->operation_count * sizeof *g->operations);
    return CUDA_SUCCESS;
}
#endif

API CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream)
{
    struct object *e = find(hGraphExec, EXECUTABLE);
    ARRIVE("%s with %d operations, %s", name_of(hGraphExec, EXECUTABLE), e ? e->operation_count : -1, name_of(hStream, STREAM));
    NEED_CONTEXT;
    if (!e || !find(hStream, STREAM)) return CUDA_ERROR_INVALID_HANDLE;
    for (int i = 0; i < e->operation_count; i++) perform(&e->operations[i]);
    return CUDA_SUCCESS;
}

API CUresult cuGraphDestroy(CUgraph hGraph)
{
    ARRIVE("%s", name_of(hGraph, GRAPH));
    NEED_CONTEXT;
    return destroy(find(hGraph, GRAPH));
}

API CUresult cuGraphExecDestroy(CUgraphExec hGraphExec)
{
    ARRIVE("%s", name_of(hGraphExec, EXECUTABLE));
    NEED_CONTEXT;
    return destroy(find(hGraphExec, EXECUTABLE));
}
