// The peer of `tandem bench nearest`: hnswlib over the same vectors, asked over a pipe.
//   g++ -O3 -march=native -o hnsw bench/peers/hnsw.cpp -lpthread      (Debian: apt-get install libhnswlib-dev)
// Reads base.f32 and query.f32 (float32, row-major) in the folder given, builds the graph on one thread, or loads the one
// it kept there, and prints "ready SECONDS". Each line "EF COUNT TOP" on its input is answered by one line
// "QUERIES_PER_SECOND" after COUNT queries; what was found is left in hnsw.i32.
#include <hnswlib/hnswlib.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using Clock = std::chrono::steady_clock;

static double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static std::vector<float> Read(const std::string& path) {
  FILE* file = fopen(path.c_str(), "rb");
  if (!file) { perror(path.c_str()); exit(1); }
  fseek(file, 0, SEEK_END);
  std::vector<float> values(ftell(file) / sizeof(float));
  rewind(file);
  if (fread(values.data(), sizeof(float), values.size(), file) != values.size()) exit(1);
  fclose(file);
  return values;
}

int main(int argc, char** argv) {
  if (argc != 5) { fprintf(stderr, "usage: hnsw FOLDER DIMENSION M EF_CONSTRUCTION\n"); return 2; }
  std::string folder = argv[1];
  size_t dimension = atoi(argv[2]), degree = atoi(argv[3]), width = atoi(argv[4]);
  std::vector<float> base = Read(folder + "/base.f32"), queries = Read(folder + "/query.f32");
  size_t count = base.size() / dimension, query_count = queries.size() / dimension;
  hnswlib::InnerProductSpace space(dimension);
  std::string kept = folder + "/hnsw.index";
  auto start = Clock::now();
  hnswlib::HierarchicalNSW<float>* index;
  double built = 0;
  if (FILE* file = fopen(kept.c_str(), "rb")) {
    fclose(file);
    index = new hnswlib::HierarchicalNSW<float>(&space, kept);
  } else {
    index = new hnswlib::HierarchicalNSW<float>(&space, count, degree, width);
    for (size_t i = 0; i < count; i++) index->addPoint(base.data() + i * dimension, i);
    built = Since(start);
    index->saveIndex(kept);
  }
  printf("ready %.2f\n", built);
  fflush(stdout);

  size_t ef, wanted, top;
  while (scanf("%zu %zu %zu", &ef, &wanted, &top) == 3) {
    index->setEf(ef);
    std::vector<int32_t> found(query_count * top, -1);
    auto begin = Clock::now();
    for (size_t i = 0; i < wanted; i++) {
      size_t query = i % query_count;
      auto best = index->searchKnn(queries.data() + query * dimension, top);
      for (size_t at = query * top; !best.empty() && at < (query + 1) * top; at++, best.pop())
        found[at] = best.top().second;
    }
    double seconds = Since(begin);
    FILE* file = fopen((folder + "/hnsw.i32").c_str(), "wb");
    fwrite(found.data(), sizeof(int32_t), found.size(), file);
    fclose(file);
    printf("%.3f\n", wanted / seconds);
    fflush(stdout);
  }
}
